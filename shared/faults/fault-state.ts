/** Faults as they are in force: what control plane and wire tell each other, and what a page is told. */
import type { Fault, LinkFault } from "./faults.ts";

/** What the wire is to do. `touched`: by an earlier wire, so that a count goes on where it was. */
export interface FaultOrder {
  id: string;
  fault: LinkFault;
  touched: number;
}

/** How far a fault has reached, as the wire says. */
export interface FaultReach {
  id: string;
  /** Hops or connections it was done to. */
  touched: number;
  /** Hops that wait because of it, now. */
  waiting: number;
  /** It has touched as many as it was to, and nothing waits because of it any more. */
  isSpent: boolean;
}

export type FaultView = Fault & {
  id: string;
  /** In plain words: `Replica lp-1 ↔ broker: each hop 200 ms late`. */
  words: string;
  /** Since when it is in force, ms on the wire's clock. */
  since: number;
  touched: number;
  waiting: number;
};

/** One that is over. */
export type PastFault = Fault & {
  id: string;
  words: string;
  since: number;
  until: number;
  touched: number;
};

export interface FaultState {
  /** In force, the oldest first. */
  faults: FaultView[];
  /** Those that ended last, the oldest first. */
  past: PastFault[];
}

export const NO_FAULTS: FaultState = { faults: [], past: [] };
