/**
 * Folds a run of idle polls, heartbeats and the quiet between them into one row, once newer ones
 * of the same sort follow: the newest rounds stay, because idle is the lesson; the hundredth is not.
 * Pure: rows in, the fold to make out.
 */
import { perSide, SIDES } from "../contracts/ids.ts";
import type { FoldRow, Row } from "./rows.ts";

/** Rows of quiet that stay unfolded at the end, and how many more it takes to fold. */
const KEEP_ROWS = 16;
const FOLD_AT_LEAST = 6;
const MAX_UNFOLDED = 400;

export interface Folding {
  /** `count` rows from `index` on become `fold`. */
  index: number;
  count: number;
  fold: FoldRow;
}

/** The fold that is due at the end of these rows, if one is. */
export function foldQuietEnd(rows: readonly Row[]): Folding | null {
  let start = rows.length;
  while (start > 0 && isQuiet(rows[start - 1])) start -= 1;
  if (rows.length - KEEP_ROWS <= start) return null;
  const last = cutBefore(rows, start, rows.length - KEEP_ROWS);
  const folded = rows.slice(start, last);
  const first = folded[0];
  const fresh = folded.filter((row) => row.kind === "hop").length;
  if (first === undefined || fresh < FOLD_AT_LEAST) return null;
  return { index: start, count: folded.length, fold: foldOf(folded, first) };
}

/** Folds end where a quiet stretch begins, so that a round of polls is not cut in two. */
function cutBefore(rows: readonly Row[], start: number, end: number): number {
  for (let index = end; index > start; index -= 1) {
    if (rows[index]?.kind === "break") return index;
  }
  return end;
}

function isQuiet(row: Row | undefined): boolean {
  switch (row?.kind) {
    case "hop":
      return row.noise !== null;
    case "break":
      return true;
    case "fold":
      return !row.open;
    default:
      return false;
  }
}

function foldOf(folded: readonly Row[], first: Row): FoldRow {
  const rows = folded.flatMap((row) => (row.kind === "fold" ? row.rows : [row]));
  for (const gone of rows.slice(0, -MAX_UNFOLDED)) gone.y = Number.NEGATIVE_INFINITY;
  const fold: FoldRow = {
    kind: "fold",
    key: first.kind === "fold" ? first.key : `fold ${first.key}`,
    atMs: folded.at(-1)?.atMs ?? first.atMs,
    y: 0,
    // A fold of hours must not keep hours.
    rows: rows.slice(-MAX_UNFOLDED),
    spanMs: (folded.at(-1)?.atMs ?? first.atMs) - startOf(first),
    idlePolls: 0,
    heartbeats: perSide(() => 0),
    open: false,
  };
  for (const row of folded) count(row, fold);
  return fold;
}

function count(row: Row, fold: FoldRow): void {
  if (row.kind === "fold") {
    fold.idlePolls += row.idlePolls;
    for (const side of SIDES) fold.heartbeats[side] += row.heartbeats[side];
  } else if (row.kind === "hop") {
    if (row.noise === "idle" && row.event.kind === "http.response") fold.idlePolls += row.count;
    if (row.noise === "heartbeat" && isBeat(row.event)) fold.heartbeats[row.pattern] += row.count;
  }
}

/** A ping and its pong are one heartbeat. */
function isBeat(event: { label: string; kind: string }): boolean {
  return event.kind !== "redis.reply" && event.kind !== "sql.result" && event.label !== "pong";
}

function startOf(row: Row): number {
  if (row.kind === "break") return row.atMs - row.quietMs;
  return row.kind === "fold" ? row.atMs - row.spanMs : row.atMs;
}
