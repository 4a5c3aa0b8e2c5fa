/**
 * Where a link may be commanded: between knowing a unit and forwarding it.
 * Holding, delaying, cutting and dropping are gates; this file has only the one that does nothing.
 */
import type { Unit } from "./unit.ts";

export interface Gate {
  /**
   * Open: bytes are forwarded as they come and looked at afterwards. Otherwise unit by unit.
   * A gate is open only while nothing it admitted still waits.
   */
  isOpen(): boolean;
  /**
   * A whole unit waits, behind those that came before it. Call `release` once, now or later, to let
   * it through; units may only be released in order.
   */
  admit(unit: Unit, release: () => void): void;
}

export const OPEN_GATE: Gate = {
  isOpen: () => true,
  admit: (_unit, release) => release(),
};
