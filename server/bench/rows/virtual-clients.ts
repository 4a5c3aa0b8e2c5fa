/** What a virtual client costs the fleet, its machine included, against `socket.io-client` alone. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { defaultSettings } from "../../../shared/contracts/settings.ts";
import type { FromFleet, ToFleet } from "../../fleet/contract.ts";
import { Child } from "../child.ts";
import { settledBytes } from "../process-use.ts";
import type { BenchRow } from "../row.ts";
import { type Subject, startReplicas } from "../subjects.ts";
import { atMost, below } from "./targets.ts";

const CLIENTS = { quick: 1_000, full: 5_000 };

type Counts = Record<Pattern, number>;

/** KB of resident memory for each client of a fleet process with so many of one pattern. */
async function fleetClient(server: Subject, pattern: Pattern, clients: number): Promise<number> {
  const fleet = Child.start("../fleet/main");
  try {
    await fleet.heard<FromFleet>(({ type }) => type === "started");
    await wish(fleet, server, pattern, 20); // What only the first ones cost.
    const before = await settledBytes(fleet.pid);
    await wish(fleet, server, pattern, clients);
    return ((await settledBytes(fleet.pid)) - before) / (clients - 20) / 1_000;
  } finally {
    await fleet.stop();
  }
}

async function wish(fleet: Child, server: Subject, pattern: Pattern, count: number): Promise<void> {
  const { pollTimeoutMs, pollGapMs, pollCursor, transports, catchUp } = defaultSettings();
  const none: Counts = { "long-polling": 0, "web-sockets": 0 };
  const url = `http://127.0.0.1:${server.ports[0]}`;
  const config = {
    urls: { "long-polling": url, "web-sockets": url },
    counts: { ...none, [pattern]: count },
    settings: { pollTimeoutMs, pollGapMs, pollCursor, transports, catchUp },
    load: none,
    followed: 0,
    generation: 1,
    clockRate: 1,
  };
  fleet.process.send({ type: "configure", config, ask: 1 } satisfies ToFleet);
  await fleet.heard<Extract<FromFleet, { type: "figures" }>>(
    (said) => said.type === "figures" && said.patterns?.[pattern].connected === count,
  );
}

async function bareClient({ ports }: Subject, clients: number): Promise<number> {
  const url = `http://127.0.0.1:${ports[0]}`;
  const few = await bareBytes(url, 20);
  const many = await bareBytes(url, clients);
  return (many - few) / (clients - 20) / 1_000;
}

async function bareBytes(url: string, clients: number): Promise<number> {
  const env = { URL: url, CLIENTS: `${clients}` };
  const child = Child.start("./counterparts/bare-clients", env);
  try {
    await child.heard<{ type: string }>(({ type }) => type === "connected");
    return await settledBytes(child.pid);
  } finally {
    await child.stop();
  }
}

export const virtualClientRows: readonly BenchRow[] = [
  {
    id: "virtual-socket",
    what: "Memory of a virtual Socket.IO client, machine included",
    unit: "KB",
    rounds: { quick: 1, full: 3 },
    targets: [atMost(1.3, "virtual client", "socket.io-client alone")],
    open: async ({ backends, size }) => {
      const server = await startReplicas("web-sockets", backends, { count: 1 });
      return {
        subjects: {
          "virtual client": () => fleetClient(server, "web-sockets", CLIENTS[size]),
          "socket.io-client alone": () => bareClient(server, CLIENTS[size]),
        },
        close: () => server.stop(),
      };
    },
  },
  {
    id: "virtual-poller",
    what: "Memory of a virtual long-poll client, machine included",
    unit: "KB",
    rounds: { quick: 1, full: 3 },
    targets: [below(15, "virtual client", "KB")],
    open: async ({ backends, size }) => {
      const server = await startReplicas("long-polling", backends, { count: 1 });
      return {
        subjects: {
          "virtual client": () => fleetClient(server, "long-polling", CLIENTS[size]),
        },
        close: () => server.stop(),
      };
    },
  },
];
