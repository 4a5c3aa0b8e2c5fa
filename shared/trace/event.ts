/**
 * The one union that is the truth: a trace event is a hop that was seen to cross a link.
 * Taps make them, the journal keeps them, folds turn them into diagram, ledger and metrics.
 *
 * `at` and `doneAt` are milliseconds on the wire process's monotonic clock: when the tap had the
 * hop whole, and when it had forwarded it. `causes` holds the seqs that led to this one, as far as
 * something that really travelled (a traceparent, a message id, a request on the same connection)
 * proves it. What cannot be joined has no causes; nothing is invented.
 */
import type { MessageKey, Participant, Side } from "../contracts/ids.ts";

export const EVENT_KINDS = [
  "http.request",
  "http.response",
  "socket.open",
  "socket.close",
  "packet",
  "frame",
  "redis.command",
  "redis.reply",
  "redis.push",
  "sql.statement",
  "sql.result",
  "raw",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What a response turned out to be. */
export const OUTCOMES = ["messages", "idle", "created", "error", "other"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** By hand: `held`. By a fault: `delayed`, `stalled`, `duplicated` (the second copy). `dropped` by either. */
export const PERTURBATIONS = ["held", "delayed", "stalled", "dropped", "duplicated"] as const;
export type Perturbation = (typeof PERTURBATIONS)[number];

export interface TraceEvent {
  seq: number;
  at: number;
  doneAt: number;
  kind: EventKind;
  from: Participant;
  to: Participant;
  /** One short line in the protocol's words: `GET after=41`, `PUBLISH messages:lobby`. */
  label: string;
  /** Bytes on the wire, framing included. */
  bytes: number;
  /** Whose traffic it is: a pattern's, or the target's. */
  pattern?: Side;
  traceId?: string;
  causes?: number[];
  messageIds?: MessageKey[];
  outcome?: Outcome;
  /** Names one connection while it lasts; joins hops of one socket. */
  conn?: string;
  /** What a decoder knows beyond the label, per kind; see `EventInfo`. */
  info?: EventInfo;
  /** It did not cross as it would have by itself: in no latency (ME22). */
  perturbed?: Perturbation;
}

/** Small decoded facts that folds need. Every field is optional; strings are bounded by the decoders. */
export interface EventInfo {
  /** http: method, path with query, status. */
  method?: string;
  path?: string;
  status?: number;
  /** http polls: the cursor sent, absent for none; and whether this request is a poll at all. */
  poll?: boolean;
  after?: number;
  room?: string;
  /** Text of the message that a POST or `send-message` carries, shortened. */
  text?: string;
  /** UTF-8 bytes of that text before it was shortened. */
  textBytes?: number;
  /** packet: Engine.IO or Socket.IO type in words (`ping`, `pong`, `connect`, `event`, `ack`, …) and event name. */
  packet?: string;
  event?: string;
  transport?: "polling" | "websocket";
  /** redis: command name; channel of a publish, push or subscription; receivers of a publish. */
  command?: string;
  channel?: string;
  receivers?: number;
  /** sql: `INSERT messages`, `SELECT messages`, `BEGIN` …; rows of a result. */
  statement?: string;
  rows?: number;
  /** socket.close, cut responses: who ended it and how. */
  closedBy?: "client" | "server" | "balancer";
  reason?: string;
  /** Set-up of a link (HELLO, SUBSCRIBE, AUTH, startup of SQL): drawn in the set-up band. */
  setup?: boolean;
  /** Engine.IO ping/pong, Redis PING, SQL health checks: folded. */
  heartbeat?: boolean;
  /** A client left before this hop could be delivered. */
  lost?: boolean;
}

/** A run of events as the feed and `GET /api/trace` carry them. */
export interface TraceBatch {
  events: TraceEvent[];
  /** The seq to ask after next. */
  next: number;
  /** Events that were counted but not kept, since the start (sampling, or the journal's bound). */
  dropped: number;
}

/** It never arrived: who was to get it had gone, or it was left out on purpose. */
export function isLost({ info, perturbed }: Pick<TraceEvent, "info" | "perturbed">): boolean {
  return info?.lost === true || perturbed === "dropped";
}
