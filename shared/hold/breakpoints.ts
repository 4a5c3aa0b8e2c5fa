/**
 * What makes a breakpoint hold the traffic, and how it is said. A table: one more kind is one row
 * of it, and its form in `hold-state.ts`. Pure.
 */
import { nameOf } from "../patterns/names.ts";
import { isLost, type TraceEvent } from "../trace/event.ts";
import type { Breakpoint } from "./hold-state.ts";

/** A hop before it crosses, or the event it became. */
export type Crossing = Pick<
  TraceEvent,
  "kind" | "from" | "to" | "outcome" | "messageIds" | "info" | "perturbed"
>;

/** What is known of clients besides the hop itself. */
export interface Acquaintance {
  /** It was connected before. */
  isBack(event: Crossing): boolean;
}

type Kinds = { [Kind in Breakpoint["kind"]]: Extract<Breakpoint, { kind: Kind }> };

const ROWS: {
  [Kind in keyof Kinds]: {
    explain(breakpoint: Kinds[Kind]): string;
    /** Asked while the hop waits: it is the one that is held. */
    hits?(breakpoint: Kinds[Kind], hop: Crossing): boolean;
    /** Asked when it has happened: what comes next is held. */
    happened?(event: Crossing, known: Acquaintance): boolean;
  };
} = {
  hop: {
    explain: ({ hop }) => `a hop of kind ${hop}`,
    hits: ({ hop }, { kind }) => kind === hop,
  },
  participant: {
    explain: ({ participant }) => `anything to or from ${nameOf(participant)}`,
    hits: ({ participant }, { from, to }) => from === participant || to === participant,
  },
  message: {
    explain: ({ message }) => `message ${message}`,
    hits: ({ message }, { messageIds }) => messageIds?.includes(message) === true,
  },
  idle: {
    explain: () => "a poll that is answered empty",
    hits: (_breakpoint, { outcome }) => outcome === "idle",
  },
  reconnect: {
    explain: () => "a client that comes back",
    happened: (event, known) => event.kind === "socket.open" && known.isBack(event),
  },
  loss: {
    explain: () => "a hop that did not arrive",
    happened: (event) => isLost(event),
  },
};

/** `a poll that is answered empty`: what it waits for. */
export function explainBreakpoint(breakpoint: Breakpoint): string {
  return rowOf(breakpoint).explain(breakpoint);
}

export function hitBy(hop: Crossing, breakpoints: readonly Breakpoint[]): Breakpoint | undefined {
  return breakpoints.find((one) => rowOf(one).hits?.(one, hop) === true);
}

export function hitAfter(
  event: Crossing,
  breakpoints: readonly Breakpoint[],
  known: Acquaintance,
): Breakpoint | undefined {
  return breakpoints.find((one) => rowOf(one).happened?.(event, known) === true);
}

/** Each row takes its own kind; joined by the kind, that is the one it gets. */
interface AnyRow {
  explain(breakpoint: Breakpoint): string;
  hits?(breakpoint: Breakpoint, hop: Crossing): boolean;
  happened?(event: Crossing, known: Acquaintance): boolean;
}

function rowOf(breakpoint: Breakpoint): AnyRow {
  return ROWS[breakpoint.kind] as AnyRow;
}
