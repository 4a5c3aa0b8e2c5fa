/**
 * What every kind of fault says of itself, as data: its words, its numbers with their ranges, and
 * what it may be done to. Each kind is a file beside this one; `faults.ts` is their table; what they
 * do is `server/wire/faults` (hops and connections) and `server/control/part-faults.ts` (parts).
 */
import type { Direction, FaultLink } from "./link.ts";

export interface NumberParameter {
  type: "ms" | "count";
  min: number;
  max: number;
  explain: string;
  isNeeded?: boolean;
}

export interface ChoiceParameter {
  type: "choice";
  choices: readonly [string, ...string[]];
  explain: string;
}

export type Parameter = NumberParameter | ChoiceParameter;

/** Done to what crosses a link. */
export interface OnLink {
  link: FaultLink;
  /** Default: both. */
  direction?: Direction;
}

/** How long it is in force, if nobody heals it before. */
export interface Lasting {
  /** Ms. Absent: until it is healed. */
  forMs?: number;
}

/** Fail so many, then recover: healed by itself after it has touched that many. */
export interface Counted {
  count?: number;
}

/** The parameters that a kind has besides those that many share. */
type Own<Fault> = Exclude<
  keyof Fault,
  "kind" | keyof OnLink | keyof Lasting | keyof Counted | "target"
>;

export interface FaultKind<Fault> {
  /** On a menu: `Delay`. */
  name: string;
  /** What it is for, in one sentence. */
  about: string;
  /** What it does to what, without its link: `each hop 200 ± 50 ms late`. */
  explain(fault: Fault): string;
  parameters: Record<Own<Fault>, Parameter>;
  /** Why it cannot be done to that, in plain words. */
  refusal?(fault: Fault): string | undefined;
}

export interface LinkFaultKind<Fault> extends FaultKind<Fault> {
  on: "link";
  isCounted: boolean;
}

export interface PartFaultKind<Fault> extends FaultKind<Fault> {
  on: "part";
  /** Participants it can be done to. */
  targets: RegExp;
  /** It is done, and over: there is nothing to heal. */
  isAct?: boolean;
}
