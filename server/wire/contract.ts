/**
 * What the control plane and the wire process say to each other over the fork channel.
 * The control plane states the whole desired wire; the wire makes it so and answers once it is.
 */

import type { Pattern, ReplicaId, Side } from "../../shared/contracts/ids.ts";
import type { WireMetrics } from "../../shared/contracts/metrics.ts";
import type { Balancing } from "../../shared/contracts/settings.ts";
import type { FaultOrder, FaultReach } from "../../shared/faults/fault-state.ts";
import type {
  HoldOrder,
  HoldState,
  StepChoice,
  WaitingStep,
} from "../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { ProcessUse } from "../processes/own-use.ts";

export interface Upstream {
  replica: ReplicaId;
  host: string;
  port: number;
  /** `ready` takes new requests; `draining` only finishes what it has; `out` gets nothing. */
  state: "ready" | "draining" | "out";
}

export interface BalancerConfig {
  /** Whose traffic it is. */
  pattern: Side;
  host: string;
  port: number;
  balancing: Balancing;
  sticky: boolean;
  /** `refused`: no connection becomes a WebSocket, and none stays one. */
  upgrades?: "refused";
  upstreams: Upstream[];
  /**
   * In front of a server we did not write: no header is added, its hosts and origins are its own affair.
   * Settled when the balancer opens.
   */
  stranger?: boolean;
  /** What that server was said to be like. */
  looksLike?: Pattern;
}

export interface TapConfig {
  replica: ReplicaId;
  pattern: Side;
  link: "broker" | "store";
  host: string;
  port: number;
  target: { host: string; port: number };
}

export interface WireConfig {
  balancers: BalancerConfig[];
  taps: TapConfig[];
  /** Host headers that are known, in lower case, with port: `127.0.0.1:4001`, `localhost:4001`. */
  hosts: string[];
  /** Origins besides any localhost one that may call the balancers. */
  origins: string[];
  /** What is held. A wire that starts begins with it; later changes are a `hold`. */
  hold: HoldOrder;
  /** The faults in force. As with `hold`, later changes are a `faults`. */
  faults: FaultOrder[];
}

/** Among the limits: clients of both balancers, and how many the open files of the process allow. */
export const OPEN_FILES_LIMIT = "client connections that open files allow";

/** The raw bytes of one hop, blanked, for the inspector. */
export interface RawHop {
  seq: number;
  /** As text where it is text, with escapes for the rest. */
  text: string;
  /** Decoded twin, pretty-printed, where a decoder has one (adapter payloads, packets). */
  decoded?: string;
  truncated: boolean;
}

/** Each asks and is answered once, by `ask`. */
export type WireAsk =
  | { type: "configure"; config: WireConfig }
  | { type: "metrics" }
  | { type: "raw"; seq: number }
  | { type: "hold"; order: HoldOrder }
  | { type: "held" }
  | { type: "step"; choice: StepChoice }
  /** All faults there are to be, from now on. */
  | { type: "faults"; orders: FaultOrder[] }
  | { type: "reset" };

export type ToWire = WireAsk & { ask: number };

export type WireAnswer =
  | { type: "configured" }
  | { type: "metrics"; metrics: WireMetrics }
  | { type: "raw"; raw: RawHop | null }
  | { type: "held"; state: HoldState }
  /** The steps that went, or why none did. */
  | { type: "stepped"; steps: WaitingStep[] | StepRefusal; state: HoldState }
  | { type: "faults"; reach: FaultReach[] }
  | { type: "reset" };

export type StepRefusal = "not-held" | "unknown-step" | "behind" | "cannot-drop";

export type FromWire =
  /** `offsetMs`: add it to a wire time to get ms since the epoch. */
  | { type: "started"; offsetMs: number }
  | { type: "answer"; ask: number; answer: WireAnswer }
  | { type: "refused"; ask: number; message: string }
  /** Every 40 ms while anything crossed. `dropped` since the last batch. `now` on the wire's clock. */
  | { type: "events"; events: TraceEvent[]; dropped: number; now: number }
  /** Twice a second. `use`: what the wire process itself uses. */
  | { type: "metrics"; metrics: WireMetrics; use: ProcessUse }
  /** What waits has changed; at most ten times a second. */
  | { type: "held"; state: HoldState }
  /** Faults have reached further; at most ten times a second. */
  | { type: "faults"; reach: FaultReach[] };
