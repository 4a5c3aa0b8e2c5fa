/** Servers under measurement: our replicas, bare or behind balancer and taps, and the counterparts. */
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { ReplicaReady } from "../../shared/contracts/replica-admin.ts";
import { type HoldOrder, NOTHING_ORDERED } from "../../shared/hold/hold-state.ts";
import type { FromWire, TapConfig, ToWire, WireConfig } from "../wire/contract.ts";
import type { Backends } from "./backends.ts";
import { Child } from "./child.ts";

export interface Subject {
  /** Where clients connect. */
  ports: number[];
  /** Processes whose CPU is charged. */
  pids: number[];
  stop(): Promise<void>;
}

interface Said {
  type: string;
  port: number;
}

export type Counterpart =
  | "node-http-poll"
  | "express-poll"
  | "plain-socket-io"
  | "raw-ws"
  | "hello-http";

export async function startCounterpart(
  name: Counterpart,
  { broker }: Backends,
  { count = 2, env = {} }: { count?: number; env?: Record<string, string> } = {},
): Promise<Subject> {
  return together(
    await Promise.all(
      Array.from({ length: count }, () =>
        startOne(`./counterparts/${name}`, { REDIS_URL: broker.url, ...env }),
      ),
    ),
  );
}

export interface ReplicaSubjectOptions {
  count?: number;
  settings?: Record<string, number>;
}

/** Replicas without anything before or behind them that watches. */
export async function startReplicas(
  pattern: Pattern,
  backends: Backends,
  { count = 2, settings = {} }: ReplicaSubjectOptions = {},
): Promise<Subject> {
  const urls = { brokerUrl: backends.broker.url, storeUrl: backends.storeUrl };
  const replicas = await Promise.all(
    Array.from({ length: count }, (_, at) => startReplica(pattern, at + 1, urls, settings)),
  );
  return together(replicas);
}

/** The same replicas behind our balancer, which reports everything. */
export async function startBehindBalancer(
  pattern: Pattern,
  backends: Backends,
  options: ReplicaSubjectOptions & { hasTaps?: boolean } = {},
): Promise<Subject> {
  const { count = 2, settings = {}, hasTaps = false } = options;
  const wire = Child.start("../wire/main");
  await wire.heard<FromWire>(({ type }) => type === "started");
  const taps = hasTaps ? tapsOf(pattern, backends, count) : [];
  if (hasTaps)
    await configure(wire, {
      balancers: [],
      taps,
      hosts: [],
      origins: [],
      hold: NOTHING_ORDERED,
      faults: [],
    });
  const replicas = await Promise.all(
    Array.from({ length: count }, (_, at) => {
      const through = (link: TapConfig["link"], url: string) =>
        moved(
          url,
          taps.find((tap) => tap.replica === idOf(pattern, at + 1) && tap.link === link),
        );
      const urls = {
        brokerUrl: through("broker", backends.broker.url),
        storeUrl: through("store", backends.storeUrl),
      };
      return startReplica(pattern, at + 1, urls, settings);
    }),
  );
  const port = nextPort();
  await configure(wire, {
    balancers: [
      {
        pattern,
        host: "127.0.0.1",
        port,
        balancing: "round-robin",
        sticky: true,
        upstreams: replicas.map(({ ports: [replicaPort = 0] }, at) => ({
          replica: idOf(pattern, at + 1),
          host: "127.0.0.1",
          port: replicaPort,
          state: "ready",
        })),
      },
    ],
    taps,
    hosts: ["127.0.0.1", `127.0.0.1:${port}`],
    origins: [],
    hold: NOTHING_ORDERED,
    faults: [],
  });
  const all = together(replicas);
  return {
    ports: [port],
    pids: [...all.pids, wire.pid],
    stop: async () => {
      await Promise.all([all.stop(), wire.stop()]);
    },
  };
}

/** A TCP pipe before each server of a subject: what any proxy costs at least. */
export async function startBehindPipe(subject: Subject): Promise<Subject> {
  const pipes = await Promise.all(
    subject.ports.map((port) => startOne("./counterparts/tcp-pipe", { TARGET_PORT: `${port}` })),
  );
  const all = together(pipes);
  return { ...all, pids: [...subject.pids, ...all.pids] };
}

/** Our tap before the broker; its `ports` are the tap's. */
export async function startBrokerTap(
  backends: Backends,
  hold: HoldOrder = NOTHING_ORDERED,
): Promise<Subject> {
  const wire = Child.start("../wire/main");
  await wire.heard<FromWire>(({ type }) => type === "started");
  const [tap] = tapsOf("long-polling", backends, 1);
  if (tap === undefined) throw new Error("There is no tap to start.");
  await configure(wire, {
    balancers: [],
    taps: [tap],
    hosts: [],
    origins: [],
    hold,
    faults: [],
  });
  return { ports: [tap.port], pids: [wire.pid], stop: () => wire.stop() };
}

async function startReplica(
  pattern: Pattern,
  number: number,
  urls: { brokerUrl: string; storeUrl: string },
  settings: Record<string, number>,
): Promise<Subject> {
  const child = Child.start("../replica/main", {
    PATTERN: pattern,
    REPLICA_ID: idOf(pattern, number),
    REDIS_URL: urls.brokerUrl,
    DATABASE_URL: urls.storeUrl,
    SETTINGS: JSON.stringify(settings),
  });
  const { port } = await child.heard<ReplicaReady>(({ type }) => type === "ready");
  return { ports: [port], pids: [child.pid], stop: () => child.stop() };
}

async function startOne(entry: string, env: Record<string, string>): Promise<Subject> {
  const child = Child.start(entry, env);
  const { port } = await child.heard<Said>(({ type }) => type === "ready");
  return { ports: [port], pids: [child.pid], stop: () => child.stop() };
}

async function configure(wire: Child, config: WireConfig): Promise<void> {
  wire.process.send({ type: "configure", config, ask: 1 } satisfies ToWire);
  const said = await wire.heard<FromWire>(({ type }) => type === "answer" || type === "refused");
  if (said.type === "refused") throw new Error(said.message);
}

function tapsOf(pattern: Pattern, { broker, storeUrl }: Backends, count: number): TapConfig[] {
  const store = new URL(storeUrl);
  return Array.from({ length: count }, (_, at) => at + 1).flatMap((number) => {
    const one = { replica: idOf(pattern, number), pattern, host: "127.0.0.1" };
    return [
      {
        ...one,
        link: "broker",
        port: nextPort(),
        target: { host: broker.host, port: broker.port },
      },
      {
        ...one,
        link: "store",
        port: nextPort(),
        target: { host: store.hostname, port: Number(store.port) },
      },
    ];
  });
}

function moved(url: string, tap: TapConfig | undefined): string {
  if (tap === undefined) return url;
  const place = new URL(url);
  place.port = `${tap.port}`;
  return place.href;
}

function idOf(pattern: Pattern, number: number): `${"lp" | "ws"}-${number}` {
  return `${pattern === "long-polling" ? "lp" : "ws"}-${number}`;
}

let port = 15_000 + Math.floor(Math.random() * 2_000);
/** Below the range from which the system takes ports of its own. */
function nextPort(): number {
  port += 1;
  return port;
}

function together(subjects: readonly Subject[]): Subject {
  return {
    ports: subjects.flatMap(({ ports }) => ports),
    pids: subjects.flatMap(({ pids }) => pids),
    stop: async () => {
      await Promise.all(subjects.map((subject) => subject.stop()));
    },
  };
}
