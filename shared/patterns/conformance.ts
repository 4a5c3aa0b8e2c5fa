/**
 * Does what crosses follow the pattern? Each pattern brings a check that follows every poll, or every
 * connection, with a state machine of its own, and says which hops its reference diagram does not
 * allow. Checks look at hops only; they know no server.
 */
import type { Pattern } from "../contracts/ids.ts";
import type { TraceEvent } from "../trace/event.ts";
import { checkLongPolling } from "./long-polling/conformance.ts";
import type { CauseOf } from "./reference.ts";
import { checkWebSockets } from "./web-sockets/conformance.ts";

export interface Finding {
  seq: number;
  /** `breaks`: the pattern does not allow it. `beyond`: it happens, and the diagram does not draw it. */
  weight: "breaks" | "beyond";
  /** One sentence without its full stop. */
  words: string;
}

export interface CheckContext {
  causeOf: CauseOf;
  /** The poll timeout in force, ms. */
  pollTimeoutMs: number;
}

export interface Conformance {
  /** Polls that were answered, or connections that were followed. */
  followed: number;
  findings: readonly Finding[];
}

/** `events` in their order, of any pattern. */
export type Check = (events: Iterable<TraceEvent>, context: CheckContext) => Conformance;

export const CONFORMANCE: Record<Pattern, Check> = {
  "long-polling": checkLongPolling,
  "web-sockets": checkWebSockets,
};
