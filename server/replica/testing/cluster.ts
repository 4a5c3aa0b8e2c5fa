/** Replicas of one pattern in this process, each with cables of its own to broker and store. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { ReplicaSettings, ReplicaStats } from "../../../shared/contracts/replica-admin.ts";
import { Replica } from "../replica.ts";
import { defaultReplicaSettings } from "../settings.ts";
import { systemClock } from "../system-clock.ts";
import type { Backend } from "./backends.ts";
import { type Cable, layCable } from "./cable.ts";
import { until } from "./until.ts";

export interface TestReplica {
  url: string;
  adminUrl: string;
  broker: Cable;
  store: Cable;
  replica: Replica;
  stats(): Promise<ReplicaStats>;
  set(settings: Partial<ReplicaSettings>): Promise<Response>;
  drain(deadlineMs: number): Promise<Response>;
  /** Resolves once it has left because it was asked to. */
  gone: Promise<void>;
  /** Resolves once it holds so many polls or sockets. */
  holds(count: number): Promise<void>;
}

export interface TestCluster {
  replicas: TestReplica[];
  urls: string[];
  stop(): Promise<void>;
}

export interface ClusterOptions {
  pattern: Pattern;
  count: number;
  broker: Backend;
  store: Backend;
  settings?: Partial<ReplicaSettings>;
  mostParkedPolls?: number;
}

export async function startCluster(options: ClusterOptions): Promise<TestCluster> {
  const numbers = Array.from({ length: options.count }, (_, index) => index + 1);
  const replicas = await Promise.all(numbers.map((number) => startOne(options, number)));
  return {
    replicas,
    urls: replicas.map(({ url }) => url),
    async stop() {
      await Promise.all(
        replicas.map(async ({ replica, broker, store }) => {
          await replica.stop();
          await Promise.all([broker.stop(), store.stop()]);
        }),
      );
    },
  };
}

async function startOne(options: ClusterOptions, number: number): Promise<TestReplica> {
  const [broker, store] = await Promise.all([
    layCable(options.broker.url),
    layCable(options.store.url),
  ]);
  let tellGone: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    tellGone = resolve;
  });
  const replica = new Replica({
    pattern: options.pattern,
    id: `${options.pattern === "long-polling" ? "lp" : "ws"}-${number}`,
    host: "127.0.0.1",
    port: 0,
    adminPort: 0,
    brokerUrl: broker.url,
    storeUrl: store.url,
    origins: ["http://playground.example"],
    mostParkedPolls: options.mostParkedPolls ?? 1_000,
    settings: { ...defaultReplicaSettings(), ...options.settings },
    clock: systemClock,
    random: Math.random,
    onGone: () => tellGone(),
  });
  const { port, adminPort } = await replica.start();
  const adminUrl = `http://127.0.0.1:${adminPort}/admin`;
  const say = (method: string, path: string, body: unknown) =>
    fetch(`${adminUrl}/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const stats = async () => (await (await fetch(`${adminUrl}/stats`)).json()) as ReplicaStats;
  return {
    url: `http://127.0.0.1:${port}`,
    adminUrl,
    broker,
    store,
    replica,
    gone,
    stats,
    set: (settings) => say("PUT", "settings", settings),
    drain: (deadlineMs) => say("POST", "drain", { deadlineMs }),
    holds: (count) => until(async () => (await stats()).held === count),
  };
}
