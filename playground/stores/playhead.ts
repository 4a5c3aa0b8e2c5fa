/**
 * Up to where a diagram is shown, and how to get somewhere else: hop by hop, by time, by row.
 * One mechanism for the frozen live trace and for recordings: nothing is folded anew for it, the
 * rows behind the playhead are only not drawn. Pure: rows in, playheads out.
 */
import type { Diagram } from "../../shared/trace/diagram.ts";
import type { HopRow, Row } from "../../shared/trace/rows.ts";

export interface Playhead {
  /** Wire clock, ms: time stands here. */
  atMs: number;
  /** The last row that is shown, by its place and its key; -1 and "": none yet. */
  index: number;
  key: string;
}

type Rows = readonly Row[];

/** When a row begins to be there: a fold does with the first that it folds. */
function startMsOf(row: Row): number {
  return row.kind === "fold" ? row.atMs - row.spanMs : row.atMs;
}

/** At this row, clamped to those there are. */
export function playheadAt(rows: Rows, index: number): Playhead {
  const at = Math.max(-1, Math.min(rows.length - 1, index));
  const row = rows[at];
  return row === undefined
    ? { atMs: rows[0] === undefined ? 0 : startMsOf(rows[0]), index: -1, key: "" }
    : { atMs: startMsOf(row), index: at, key: row.key };
}

/** At this time: between two rows, the earlier one is the last that is shown. */
export function playheadAtMs(rows: Rows, atMs: number): Playhead {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && startMsOf(row) <= atMs) low = middle + 1;
    else high = middle;
  }
  return { ...playheadAt(rows, low - 1), atMs };
}

/** At the row that draws this hop; nothing where none does. */
export function playheadAtHop({ sequence }: Diagram, seq: number): Playhead | undefined {
  const row = sequence.rowOf(seq);
  if (row === undefined) return undefined;
  const index = sequence.rows.indexOf(row);
  if (index !== -1) return playheadAt(sequence.rows, index);
  const fold = sequence.rows.findIndex((each) => each.kind === "fold" && each.rows.includes(row));
  return fold === -1 ? undefined : playheadAt(sequence.rows, fold);
}

export function rowsShown({ sequence }: Diagram, playhead: Playhead | null): number {
  return playhead === null ? sequence.rows.length : playhead.index + 1;
}

/** The same place once the rows are others: another lens, an opened fold. */
export function placed(playhead: Playhead | null, { sequence }: Diagram): Playhead | null {
  if (playhead === null) return null;
  const { rows } = sequence;
  if (rows[playhead.index]?.key === playhead.key) return playhead;
  const index = rows.findIndex(({ key }) => key === playhead.key);
  return index === -1 ? playheadAtMs(rows, playhead.atMs) : { ...playhead, index };
}

/**
 * One hop, fold or marker further, or back; silence is passed over. `null` past the end: then
 * there is nothing left to show.
 */
export function stepped(rows: Rows, shown: number, by: 1 | -1): Playhead | null {
  let index = shown - 1 + by;
  while (rows[index]?.kind === "break") index += by;
  return index >= rows.length ? null : playheadAt(rows, index);
}

/** The last hop that is shown: what has just happened. */
export function hopAt(rows: Rows, shown: number): HopRow | undefined {
  const row = rows[shown - 1];
  return row?.kind === "hop" ? row : undefined;
}
