/**
 * What is counted, per pattern (definitions: docs/spec/metrics.md). Counts are since reset;
 * rates and percentiles also over a sliding window.
 */
import type { Pattern } from "./ids.ts";

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

export interface Metrics {
  /** Wire clock, ms. */
  at: number;
  patterns: Record<Pattern, PatternMetrics>;
  /** Counted at the taps. */
  publishesPerSecond: number;
  insertsPerSecond: number;
  /** Parked polls, open sockets and requests/s by replica, and what the wire holds in memory. */
  replicas: Record<string, { held: number; requestsPerSecond: number }>;
  /** Bounded structures of the wire and how full they are. */
  limits: Record<string, { used: number; limit: number }>;
}
