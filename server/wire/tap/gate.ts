/**
 * Where a link may be commanded: between knowing a unit and forwarding it. A lane is one direction of
 * one connection; its units keep their order. The gate of all links is `wire-gate.ts`; this file says
 * what one is, and has the one that does nothing.
 */
import type { CutEnding } from "../../../shared/faults/cut.ts";
import type { Ends } from "../../../shared/faults/link.ts";
import type { Perturbation } from "../../../shared/trace/event.ts";
import type { HopDraft } from "./unit.ts";

/** What crosses: between whom, in which words. */
export interface Crosser extends Ends {
  /** Absent for units that say nothing of their own: they go with what came before them. */
  hop: HopDraft | undefined;
}

/** A whole unit, and what may become of it. One of the three functions is called, once, now or later. */
export interface Admitted extends Crosser {
  lane: Lane;
  /** Bytes that wait with it. */
  length: number;
  /** `perturbed`: what kept it from crossing when it came. `copies`: how often it crosses, 1 or more. */
  release(perturbed?: Perturbation, copies?: number): void;
  /** Ends it on purpose; absent where that cannot be done. */
  drop?: Drop;
  /** The lane is gone, with it this unit. */
  lose(): void;
}

/** What can be lost without harm to its connection can come twice as well. */
export interface Drop {
  effect: "lost" | "closes";
  run(): void;
}

export interface Lane {
  /** So much waits that no more is read. */
  readonly isFull?: boolean;
  /** The gate is open: what waits for the rest of a unit may go. */
  opened(): void;
}

/** What a gate is made of: one reason to keep units from crossing. */
export interface Stage {
  /**
   * Open: bytes are forwarded as they come and looked at afterwards. Otherwise unit by unit.
   * It is open only while nothing it admitted still waits.
   */
  isOpen(): boolean;
  admit(admitted: Admitted): void;
  /** Whatever waits of this lane is lost. */
  leave(lane: Lane): void;
}

export interface Gate extends Stage {
  /** Bytes wait at this lane: it wants to know when the gate opens. */
  watch(lane: Lane): void;
  /** A connection or request comes: how it is to end at once, if it may not. Asking counts. */
  cutFor(ends: Ends): CutEnding | undefined;
}

/** The cut of a link begins: what is open on it ends. */
export interface Cutting {
  how: CutEnding;
  /** Whether a connection that is in use is to end. Asking counts. */
  isHit(ends: Ends): boolean;
  /** The same of one that is idle: nobody notices, so it does not count. */
  meets(ends: Ends): boolean;
}

/** What is told of a connection that a cut ended. */
export const CUT_REASON = "its link is cut";

export const OPEN_GATE: Gate = {
  isOpen: () => true,
  admit: (admitted) => admitted.release(),
  watch: () => undefined,
  cutFor: () => undefined,
  leave: () => undefined,
};
