/**
 * Held traffic as data: what people may order of the wire, and what waits there because of it.
 * The acting half is `server/wire/hold/`; words are in `explain.ts`. Nothing here holds anything.
 */
import type { MessageKey, Participant, Side } from "../contracts/ids.ts";
import type { EventInfo, EventKind, Outcome } from "../trace/event.ts";

/** What is wanted of all taps. Everything off: bytes pass as they come. */
export interface HoldOrder {
  /** Every hop stops at its tap until somebody lets it through. */
  held: boolean;
  /** While held: lets the next hop through every so many ms; 0 does not. */
  autoStepMs: number;
  /** While not held: how long each hop takes on its way; 0 is as long as it takes. */
  paceMs: number;
  /** Hops that hold the traffic when they come. */
  breakpoints: readonly Breakpoint[];
}

export const NOTHING_ORDERED: HoldOrder = {
  held: false,
  autoStepMs: 0,
  paceMs: 0,
  breakpoints: [],
};

export type Breakpoint =
  /** Any hop of that kind. */
  | { kind: "hop"; hop: EventKind }
  /** Any hop that this participant sends or gets. */
  | { kind: "participant"; participant: Participant }
  /** A hop that carries this message. */
  | { kind: "message"; message: MessageKey }
  /** A poll that is answered empty. */
  | { kind: "idle" }
  /** A client that comes back. */
  | { kind: "reconnect" }
  /** A hop that did not arrive. */
  | { kind: "loss" };

/** A hop that waits at its tap; several of the same kind to or from clients are one step. */
export interface WaitingStep {
  /** Counts up in the order in which they came. */
  id: number;
  kind: EventKind;
  from: Participant;
  to: Participant;
  /** In the protocol's words. */
  label: string;
  /** Of all hops of the step. */
  bytes: number;
  /** How many hops it is. */
  count: number;
  /** The clients of a step of several hops, the first few. */
  clients?: Participant[];
  /** When it came, ms on the wire's clock. */
  at: number;
  /** It is let through then by itself, because of the pace. */
  dueAt?: number;
  pattern?: Side;
  messageIds?: MessageKey[];
  traceId?: string;
  outcome?: Outcome;
  info?: EventInfo;
  /** Something on the same connection goes before it. */
  isBehind: boolean;
  /** What dropping it does; absent where it cannot be dropped. */
  drop?: DropEffect;
}

/** A packet or push is simply lost; an HTTP hop cannot be lost without its connection. */
export type DropEffect = "lost" | "closes";

export interface HoldState extends HoldOrder {
  /** The oldest first, and the first few hundred only; `steps` counts all. */
  waiting: WaitingStep[];
  steps: number;
  /** Connections that are not read any further, because enough of them waits. */
  full: number;
  /** The breakpoint that holds the traffic now. */
  hit?: Breakpoint;
}

export const NOTHING_HELD: HoldState = { ...NOTHING_ORDERED, waiting: [], steps: 0, full: 0 };

/** Which of the waiting steps to let through, or to drop. */
export type StepChoice =
  | { count: number }
  | { id: number; drop?: boolean }
  /** The next one that carries this message: its key, or its trace id. */
  | { message: string };

/** How far protocol timers are slowed down, so that a poll outlives the hops of a message. */
export function clockRateOf({ held, paceMs }: Pick<HoldOrder, "held" | "paceMs">): number {
  if (held) return 0;
  return paceMs > 0 ? Math.min(1, 100 / paceMs) : 1;
}
