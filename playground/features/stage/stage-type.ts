/** Sizes of what is written and drawn, on a desk and from 8 m. */
import { type AxisScale, PROJECTOR_SCALE, SCREEN_SCALE } from "../../../shared/trace/axis.ts";

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

export const SCREEN_TYPE: StageType = {
  scale: SCREEN_SCALE,
  labelPx: 11,
  charPx: 6.62,
  headPx: 7.5,
  barPx: 8,
  marginPx: 34,
  columnPx: 54,
};

export const PROJECTOR_TYPE: StageType = {
  scale: PROJECTOR_SCALE,
  labelPx: 24,
  charPx: 14.45,
  headPx: 15,
  barPx: 14,
  marginPx: 74,
  columnPx: 120,
};
