/** Memory of a server for each client that waits: resident, with so many of them against none. */
import { PollHerd } from "../herds/poll-herd.ts";
import { SocketHerd } from "../herds/socket-herd.ts";
import { settledBytes } from "../process-use.ts";
import type { BenchContext, BenchRow, Measure } from "../row.ts";
import { type Subject, startCounterpart, startReplicas } from "../subjects.ts";
import type { Herd } from "./fan-out.ts";
import { atMost, below } from "./targets.ts";

const CLIENTS = { quick: 2_000, full: 10_000 };

/** A fresh server each time: memory that was once had is not given back. */
function perClient(
  { size }: BenchContext,
  start: () => Promise<Subject>,
  makeHerd: (ports: readonly number[]) => Herd,
): Measure {
  return async () => {
    const server = await start();
    const herd = makeHerd(server.ports);
    try {
      const [pid = 0] = server.pids;
      await herd.open(100, 0); // What only the first ones cost.
      const before = await settledBytes(pid);
      await herd.open(CLIENTS[size], 0);
      return ((await settledBytes(pid)) - before) / CLIENTS[size] / 1_000;
    } finally {
      herd.close();
      await server.stop();
    }
  };
}

export const memoryRows: readonly BenchRow[] = [
  {
    id: "memory-poll",
    what: "Memory per parked poll",
    unit: "KB",
    rounds: { quick: 1, full: 3 },
    targets: [atMost(1.1, "this replica", "node:http by hand")],
    open: async (context) => {
      const { backends } = context;
      const one = { count: 1 };
      const pollers = (ports: readonly number[]) => new PollHerd(ports);
      return {
        subjects: {
          "this replica": perClient(
            context,
            () => startReplicas("long-polling", backends, one),
            pollers,
          ),
          "node:http by hand": perClient(
            context,
            () => startCounterpart("node-http-poll", backends, one),
            pollers,
          ),
        },
        close: async () => undefined,
      };
    },
  },
  {
    id: "memory-socket",
    what: "Memory per open Socket.IO socket",
    unit: "KB",
    rounds: { quick: 1, full: 3 },
    targets: [below(16, "this replica", "KB")],
    open: async (context) => {
      const { backends } = context;
      const one = { count: 1 };
      const sockets = (ports: readonly number[]) => new SocketHerd(ports);
      const bare = (ports: readonly number[]) => new SocketHerd(ports, "json");
      return {
        subjects: {
          "this replica": perClient(
            context,
            () => startReplicas("web-sockets", backends, one),
            sockets,
          ),
          "plain Socket.IO + adapter": perClient(
            context,
            () => startCounterpart("plain-socket-io", backends, one),
            sockets,
          ),
          "ws by hand": perClient(context, () => startCounterpart("raw-ws", backends, one), bare),
        },
        close: async () => undefined,
      };
    },
  },
];
