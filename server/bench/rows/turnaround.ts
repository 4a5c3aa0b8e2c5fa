/** What an idle poll costs the server: polls that expire, over and over, as CPU time for each. */
import { PollHerd } from "../herds/poll-herd.ts";
import { cpuDuring } from "../process-use.ts";
import { type BenchRow, eachMeasured, type Measure } from "../row.ts";
import { type Subject, startCounterpart, startReplicas } from "../subjects.ts";
import { below } from "./targets.ts";

const CLIENTS = 300;
const TIMEOUT_MS = 100;
const POLLS = { quick: 3_000, full: 12_000 };

export const turnaroundRows: readonly BenchRow[] = [
  {
    id: "empty-poll",
    what: "Empty poll turnaround, server CPU",
    unit: "µs",
    rounds: { quick: 3, full: 7 },
    targets: [below(50, "this replica", "µs")],
    open: async ({ backends, size }) => {
      const settings = { pollTimeoutMs: TIMEOUT_MS };
      const env = { POLL_TIMEOUT_MS: `${TIMEOUT_MS}` };
      const servers: Record<string, Subject> = {
        "this replica": await startReplicas("long-polling", backends, { count: 1, settings }),
        "node:http by hand": await startCounterpart("node-http-poll", backends, { count: 1, env }),
        "Express as commonly written": await startCounterpart("express-poll", backends, {
          count: 1,
          env,
        }),
      };
      return {
        subjects: eachMeasured(servers, (server) => idlePoll(server, POLLS[size])),
        close: async () => {
          await Promise.all(Object.values(servers).map((server) => server.stop()));
        },
      };
    },
  },
];

/** Clients are there for this round only: they would poll on while others are measured. */
function idlePoll({ ports, pids }: Subject, polls: number): Measure {
  return async () => {
    const herd = new PollHerd(ports);
    await herd.open(CLIENTS, 0);
    await herd.answered(CLIENTS * 2); // Warm.
    const micros = await cpuDuring(pids, () => herd.answered(polls));
    herd.close();
    return micros / polls;
  };
}
