/** What the balancer costs, reporting on, and what a pipe costs that looks at nothing. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PollHerd } from "../herds/poll-herd.ts";
import { SocketHerd } from "../herds/socket-herd.ts";
import { type BenchRow, eachMeasured } from "../row.ts";
import { startBehindBalancer, startBehindPipe, startReplicas } from "../subjects.ts";
import { closeFanOuts, cpuPerThousand, type Herd, openFanOut } from "./fan-out.ts";
import { atMost } from "./targets.ts";

const CLIENTS = 1_000;
const MESSAGES = { quick: 5, full: 15 };

function balancerRow(
  pattern: Pattern,
  what: string,
  limit: number,
  makeHerd: (ports: readonly number[]) => Herd,
): BenchRow {
  return {
    id: `balancer-${pattern}`,
    what: `Total CPU of a ${what} fan-out to 1,000 clients, for 1,000 deliveries`,
    unit: "ms",
    rounds: { quick: 3, full: 7 },
    targets: [atMost(limit, "balancer, reporting", "direct")],
    open: async ({ backends, size }) => {
      const direct = await startReplicas(pattern, backends, { count: 1 });
      const behind = await startReplicas(pattern, backends, { count: 1 });
      const piped = await startBehindPipe(behind);
      const balanced = await startBehindBalancer(pattern, backends, { count: 1 });
      const fanOuts = {
        direct: await openFanOut(direct, makeHerd, CLIENTS),
        "TCP pipe": await openFanOut(piped, makeHerd, CLIENTS),
        "balancer, reporting": await openFanOut(balanced, makeHerd, CLIENTS),
      };
      return {
        subjects: eachMeasured(fanOuts, (one) => cpuPerThousand(one, MESSAGES[size])),
        close: async () => {
          await closeFanOuts(Object.values(fanOuts));
          await behind.stop();
        },
      };
    },
  };
}

export const balancerRows: readonly BenchRow[] = [
  balancerRow("long-polling", "long-poll", 2.3, (ports) => new PollHerd(ports)),
  balancerRow("web-sockets", "WebSocket", 1.5, (ports) => new SocketHerd(ports)),
];
