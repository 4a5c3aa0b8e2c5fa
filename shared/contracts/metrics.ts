/**
 * What is counted, per pattern (definitions: docs/spec/metrics.md). Counts are since reset;
 * rates and percentiles also over a sliding window.
 */
import type { BySide, Pattern } from "./ids.ts";

export interface Percentiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface PatternMetrics {
  /** HTTP requests seen by the balancer (each poll, POST and Engine.IO request). */
  requests: number;
  /** Polls answered, and those answered with no message. */
  polls: number;
  idleRequests: number;
  /** Bytes of idle requests and their answers. */
  idleBytes: number;
  /** Messages accepted (POST 201 or acknowledged `send-message`). */
  messages: number;
  /** One per message × client. */
  deliveries: number;
  late: number;
  replayed: number;
  lost: number;
  duplicates: number;
  outOfOrder: number;
  /** Hops that were held, paced or dropped by hand: in no latency, and never late or idle. */
  perturbed: number;
  /** Parked polls and open sockets now. */
  held: number;
  /** Clients seen now. */
  clients: number;
  /** Packets and frames. */
  frames: number;
  wireBytes: number;
  payloadBytes: number;
  /** Delivery latency since reset, and over the window. */
  latencyMs: Percentiles;
  window: {
    ms: number;
    latencyMs: Percentiles;
    requestsPerSecond: number;
    framesPerSecond: number;
    idlePerClientMinute: number;
    idlePerDelivery: number;
    wireBytesPerPayloadByte: number;
    deliveriesPerSecond: number;
  };
}

/** From when counts are: before it, or while no wire process watched, is in no figure (rule ME23). */
export interface CountedSince {
  /** Wire clock, ms. */
  at: number;
  /** What then happened: the wire started, figures were reset, or the wire was lost and another came. */
  why: "start" | "reset" | "wire-restart";
}

/** What the wire counts; the control plane adds what it alone knows (`Metrics`). */
export interface WireMetrics {
  /** Wire clock, ms. */
  at: number;
  since: CountedSince;
  /** The target's, where there is one, is only counted: nothing in it is a delivery or a loss (TG). */
  patterns: BySide<PatternMetrics>;
  /** Counted at the taps. */
  publishesPerSecond: number;
  insertsPerSecond: number;
  /** Parked polls, open sockets and requests/s by replica, and what the wire holds in memory. */
  replicas: Record<string, { held: number; requestsPerSecond: number }>;
  /** Bounded structures of the wire and how full they are. */
  limits: Record<string, { used: number; limit: number }>;
}

export type ProcessKind = "control" | "wire" | "replica" | "fleet" | "broker" | "store";

/** One process (the store: all of Postgres' processes). What is not known is absent. */
export interface ProcessCost {
  kind: ProcessKind;
  pid?: number;
  /** Over the last second or two; 100 is one core. */
  cpuPercent?: number;
  rssBytes?: number;
  /** Mean delay of its event loop over the last second, ms; Node processes only. */
  loopLagMs?: number;
}

/**
 * CPU time for 1,000 deliveries, ms, over the last minute (rule ME21). `replicas` is what one
 * pattern's own replicas used, for its own deliveries. The others serve both patterns: theirs is
 * for 1,000 deliveries of whichever pattern. Absent where nothing was delivered, or nothing is known.
 */
export interface DeliveryCost {
  windowMs: number;
  replicas: Partial<Record<Pattern, number>>;
  shared: Partial<Record<Exclude<ProcessKind, "replica">, number>>;
}

/** The virtual clients and the load of one pattern, as the fleet itself counts them. */
export interface FleetFigures {
  /** Clients wanted, begun, and connected now (has been answered, and is not backing off). */
  wanted: number;
  started: number;
  connected: number;
  /** What most of those that are not connected say is wrong. */
  trouble?: string;
  load: LoadFigures;
}

/** Since the rate was last changed from 0, or since reset (rule FL21). */
export interface LoadFigures {
  /** Arrivals wanted per second. */
  rate: number;
  arrivals: number;
  /** Sent more than 10 ms after they were due. */
  sentLate: number;
  /** Given up, because 2,000 were on their way. */
  notSent: number;
  /** Sent, and neither answered nor failed yet. */
  underWay: number;
  failed: number;
  /** From when a message was *due* to when it was answered: what a late sender adds counts. */
  answerMs: Percentiles;
}

export interface Metrics extends WireMetrics {
  /** By name: `control`, `wire`, `fleet`, `broker`, `store`, and each replica's id. */
  processes: Record<string, ProcessCost>;
  cpuMsPerThousand: DeliveryCost;
  /** Absent while no fleet has reported. */
  fleet?: Record<Pattern, FleetFigures>;
}
