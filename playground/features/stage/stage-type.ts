/** Sizes of what is written and drawn, on a desk and from 8 m. */
import { type AxisScale, PROJECTOR_SCALE, SCREEN_SCALE } from "../../../shared/trace/axis.ts";
import type { Lens } from "../../../shared/trace/lens.ts";

export interface StageType {
  scale: AxisScale;
  labelPx: number;
  /** Width of one character of a label. */
  charPx: number;
  headPx: number;
  barPx: number;
  marginPx: number;
  /** Least room of a lifeline, which decides how many there can be. */
  columnPx: number;
}

const SCREEN: StageType = {
  scale: SCREEN_SCALE,
  labelPx: 11,
  charPx: 6.62,
  headPx: 7.5,
  barPx: 8,
  marginPx: 34,
  columnPx: 54,
};

const PROJECTOR: StageType = {
  scale: PROJECTOR_SCALE,
  labelPx: 24,
  charPx: 14.45,
  headPx: 15,
  barPx: 14,
  marginPx: 74,
  columnPx: 120,
};

/** Protocol is written in the typewriter face; words in the narrower text face. */
const IN_WORDS = 0.85;
const SCREEN_IN_WORDS: StageType = { ...SCREEN, charPx: SCREEN.charPx * IN_WORDS };
const PROJECTOR_IN_WORDS: StageType = { ...PROJECTOR, charPx: PROJECTOR.charPx * IN_WORDS };

export function stageType(projector: boolean, lens: Lens): StageType {
  if (lens === "protocol") return projector ? PROJECTOR : SCREEN;
  return projector ? PROJECTOR_IN_WORDS : SCREEN_IN_WORDS;
}
