/**
 * Where a link may be commanded: between knowing a unit and forwarding it. A lane is one direction of
 * one connection; its units keep their order. The gate that holds is `hold/traffic-control.ts`; this
 * file says what one is, and has the one that does nothing.
 */
import type { Participant, Side } from "../../../shared/contracts/ids.ts";
import type { HopDraft } from "./unit.ts";

/** What crosses: between whom, in which words. */
export interface Crosser {
  from: Participant;
  to: Participant;
  pattern?: Side;
  /** Absent for units that say nothing of their own: they go with what came before them. */
  hop: HopDraft | undefined;
}

/** A whole unit, and what may become of it. One of the three functions is called, once, now or later. */
export interface Admitted extends Crosser {
  lane: Lane;
  /** Bytes that wait with it. */
  length: number;
  /** `isPerturbed`: somebody kept it from crossing when it came. */
  release(isPerturbed: boolean): void;
  /** Ends it on purpose; absent where that cannot be done. */
  drop?: Drop;
  /** The lane is gone, with it this unit. */
  lose(): void;
}

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

export interface Gate {
  /**
   * Open: bytes are forwarded as they come and looked at afterwards. Otherwise unit by unit.
   * A gate is open only while nothing it admitted still waits.
   */
  isOpen(): boolean;
  admit(admitted: Admitted): void;
  /** Bytes wait at this lane: it wants to know when the gate opens. */
  watch(lane: Lane): void;
  /** Whatever waits of this lane is lost. */
  leave(lane: Lane): void;
}

export const OPEN_GATE: Gate = {
  isOpen: () => true,
  admit: (admitted) => admitted.release(false),
  watch: () => undefined,
  leave: () => undefined,
};
