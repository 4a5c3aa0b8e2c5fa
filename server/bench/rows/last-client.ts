/** How long one message takes to the last of 1,000 clients. */
import { PollHerd } from "../herds/poll-herd.ts";
import { SocketHerd } from "../herds/socket-herd.ts";
import { type BenchRow, eachMeasured } from "../row.ts";
import { startBehindBalancer, startCounterpart, startReplicas } from "../subjects.ts";
import { closeFanOuts, openFanOut, untilTheLast } from "./fan-out.ts";
import { atMost } from "./targets.ts";

const CLIENTS = 1_000;
/** Both limits were set beside nchan, which was 1.5 times as fast as node:http by hand. */
const NCHAN = 1.5;

export const lastClientRows: readonly BenchRow[] = [
  {
    id: "last-of-1000",
    what: "One message to the last of 1,000 clients (POST, store, broker, 2 replicas)",
    unit: "ms",
    rounds: { quick: 5, full: 25 },
    targets: [
      atMost(1.6 / NCHAN, "long polling, bare", "node:http by hand"),
      atMost(3 / NCHAN, "long polling, balancer and taps", "node:http by hand"),
    ],
    open: async ({ backends }) => {
      const pollers = (ports: readonly number[]) => new PollHerd(ports);
      const sockets = (ports: readonly number[]) => new SocketHerd(ports);
      const hand = await startCounterpart("node-http-poll", backends);
      const bare = await startReplicas("long-polling", backends);
      const whole = await startBehindBalancer("long-polling", backends, { hasTaps: true });
      const bareSockets = await startReplicas("web-sockets", backends);
      const wholeSockets = await startBehindBalancer("web-sockets", backends, { hasTaps: true });
      const fanOuts = {
        "node:http by hand": await openFanOut(hand, pollers, CLIENTS),
        "long polling, bare": await openFanOut(bare, pollers, CLIENTS),
        "long polling, balancer and taps": await openFanOut(whole, pollers, CLIENTS),
        "WebSockets, bare": await openFanOut(bareSockets, sockets, CLIENTS),
        "WebSockets, balancer and taps": await openFanOut(wholeSockets, sockets, CLIENTS),
      };
      return {
        subjects: eachMeasured(fanOuts, untilTheLast),
        close: () => closeFanOuts(Object.values(fanOuts)),
      };
    },
  },
];
