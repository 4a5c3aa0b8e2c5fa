/**
 * The time axis: rows → **y**. Piecewise, because a message's story lasts 4 ms and an idle poll 25 s:
 * rows keep their order and a least distance, a pause widens it a little, a quiet stretch has a
 * height of its own. One axis for both halves: a hop of one pattern may stand beside one of the
 * other, never above one that came before it.
 */
import { perSide, SIDES, type Side } from "../contracts/ids.ts";
import type { HopRow, Row } from "./rows.ts";
import type { Sequence } from "./sequence.ts";

export interface AxisScale {
  /** Least distance of two hops of one half, px. */
  rowPx: number;
  breakPx: number;
  foldPx: number;
  markerPx: number;
  slopePx: number;
}

export const SCREEN_SCALE: AxisScale = {
  rowPx: 20,
  breakPx: 38,
  foldPx: 28,
  markerPx: 30,
  slopePx: 5,
};
export const PROJECTOR_SCALE: AxisScale = {
  rowPx: 46,
  breakPx: 64,
  foldPx: 54,
  markerPx: 56,
  slopePx: 12,
};

type Floors = Record<Side, number>;

export class Axis {
  readonly #scale: AxisScale;
  #endPx = 0;

  constructor(scale: AxisScale) {
    this.#scale = scale;
  }

  /** Where the next row would come. */
  get endPx(): number {
    return this.#endPx;
  }

  /** Where the next row would come, were this the last. */
  below(row: Row): number {
    return row.y + (row.kind === "hop" ? this.#scale.rowPx : this.#heightOf(row));
  }

  /** Gives every row that has no place yet its place. */
  place(sequence: Sequence): void {
    const { rows } = sequence;
    const floors = this.#floorsBefore(sequence, sequence.unplaced);
    for (let index = sequence.unplaced; index < rows.length; index += 1) {
      const row = rows[index];
      if (row === undefined) continue;
      this.#placeOne(row, rows[index - 1], floors);
      if (row.kind === "hop") row.rise = riseOf(row, rows, index);
    }
    sequence.unplaced = rows.length;
    this.#endPx = lowest(floors);
  }

  #placeOne(row: Row, before: Row | undefined, floors: Floors): void {
    const pausePx = pauseOf(row.atMs - (before?.atMs ?? row.atMs));
    if (row.kind === "hop") {
      row.y = Math.max(floors[row.pattern], (before?.y ?? 0) + pausePx);
      row.slope = this.#scale.slopePx;
      floors[row.pattern] = row.y + this.#scale.rowPx;
      return;
    }
    row.y = lowest(floors);
    const next = row.y + this.#heightOf(row);
    for (const side of SIDES) floors[side] = next;
    if (row.kind === "fold" && !row.open) for (const hidden of row.rows) hidden.y = row.y;
  }

  #heightOf(row: Exclude<Row, { kind: "hop" }>): number {
    switch (row.kind) {
      case "break":
        return this.#scale.breakPx;
      case "fold":
        return this.#scale.foldPx;
      case "marker":
        return this.#scale.markerPx;
    }
  }

  /** Where each half ends before this row: at its last hop, or at the last row across both. */
  #floorsBefore({ rows, sides }: Sequence, end: number): Floors {
    const floors: Partial<Floors> = {};
    for (let index = end - 1; index >= 0; index -= 1) {
      const row = rows[index];
      if (row === undefined) break;
      if (row.kind !== "hop") {
        const next = row.y + this.#heightOf(row);
        for (const side of SIDES) floors[side] ??= next;
        break;
      }
      floors[row.pattern] ??= row.y + this.#scale.rowPx;
      if (sides.every((side) => floors[side] !== undefined)) break;
    }
    const first = rows[0];
    const topPx = end === 0 || first === undefined ? this.#scale.rowPx : first.y;
    return perSide((side) => floors[side] ?? topPx);
  }
}

function lowest(floors: Floors): number {
  return Math.max(...SIDES.map((side) => floors[side]));
}

/** Hops that crossed at once all slope alike; one that was delayed began where others were by then. */
const DELAYED_MS = 50;
const LOOK_BACK_ROWS = 500;

function riseOf(row: HopRow, rows: readonly Row[], index: number): number {
  const { at, doneAt } = row.event;
  if (doneAt - at < DELAYED_MS) return 0;
  const first = Math.max(0, index - LOOK_BACK_ROWS);
  let begin = index;
  while (begin > first && (rows[begin - 1]?.atMs ?? 0) > at) begin -= 1;
  return row.y - (rows[begin]?.y ?? row.y);
}

/** Up to 20 ms is one breath; a second is three quarters of a row more. */
function pauseOf(ms: number): number {
  return ms <= 20 ? 0 : Math.min(18, 9 * Math.log10(ms / 20));
}

/** The rows that may be seen between two heights: the first, and one past the last. */
export function rowsBetween(
  rows: readonly Row[],
  topPx: number,
  bottomPx: number,
): [number, number] {
  return [firstAtOrBelow(rows, topPx), firstAtOrBelow(rows, bottomPx)];
}

/** The index of the first row at that time or later; the number of rows if there is none. */
export function firstSince(rows: readonly Row[], atMs: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the first row at that height or below; the number of rows if there is none. */
export function firstAtOrBelow(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.y ?? 0) < y) low = middle + 1;
    else high = middle;
  }
  return low;
}
