/**
 * The control API's JSON, as `/api/openapi.json` describes it.
 */
import type { Pattern, ReplicaId, Side, TARGET } from "./ids.ts";
import type { Settings } from "./settings.ts";

export interface ApiError {
  error: { code: string; message: string };
}

export interface Part {
  kind: string;
  /** Without password. */
  url: string;
  state: "up" | "down";
  /** Somebody else's, at an address that was given: not the playground's to start. */
  given?: boolean;
  /** Plain words for the page: `embedded, speaks Redis' protocol`; what is wrong, when down. */
  note: string;
}

export interface Health {
  status: "ok" | "degraded";
  version: string;
  broker: Part & { kind: "redis" | "embedded" };
  store: Part & { kind: "postgres" | "embedded" };
}

export type ReplicaState =
  | "starting"
  | "ready"
  | "draining"
  | "frozen"
  | "restarting"
  | "stopped"
  | "failed";

export interface Replica {
  id: ReplicaId;
  /** Absent while no process runs. */
  pid?: number;
  state: ReplicaState;
  restarts: number;
  /** Parked polls or open sockets at this replica, as the balancer counts them. */
  held: number;
  /** Why it is in this state, in plain words, when that is not plain. */
  note?: string;
  /** When it will be started again, for `restarting` (ms since the epoch). */
  retryAt?: number;
  cpuPercent?: number;
  rssBytes?: number;
  loopLagMs?: number;
}

/** One of our patterns: its balancer, and the replicas behind it. */
export interface Half {
  url: string;
  replicas: Replica[];
}

/** A server that somebody else wrote and runs, given with `--target` (rules TG1 …). */
export interface Target extends Half {
  /** Of the balancer in front of it: what its clients are to be pointed at. */
  url: string;
  /** Itself, as the one replica there is; `starting` until something answers there. */
  replicas: Replica[];
  /** Where it listens: `http://127.0.0.1:3000`. */
  server: string;
  /** What it was said to be like (`--target-pattern`). */
  looksLike?: Pattern;
  /** The tap that it is to take for its Redis, and the Redis behind it (`--broker`), as `host:port`. */
  broker?: { tap: string; address: string };
}

export interface Cluster {
  patterns: Record<Pattern, Half> & { [TARGET]?: Target };
  /** Whether the first open has been welcomed with clients already. */
  welcomed: boolean;
  /** The process that watches and carries traffic. */
  wire: ProcessState;
  /** The process of the virtual clients. */
  fleet?: ProcessState;
}

/** A process of ours that is one for all. */
export interface ProcessState {
  state: "up" | "down";
  note: string;
  /** Absent while none runs. */
  pid?: number;
}

export type Fleet = Record<Pattern, number>;

/** Something a person or the supervisor did, drawn across diagram and charts. */
export interface Marker {
  /** Wire clock, ms. */
  at: number;
  text: string;
  tone: "info" | "warn" | "bad";
  pattern?: Side;
}

/** Everything the page needs to draw itself, sent on connection and after each change. */
export interface Snapshot {
  /** When this playground started, ms since the epoch: another time, another playground. */
  startedAt?: number;
  health: Health;
  cluster: Cluster;
  settings: Settings;
  fleet: Fleet;
  /** Open-loop arrivals per second. */
  load: Record<Pattern, number>;
}
