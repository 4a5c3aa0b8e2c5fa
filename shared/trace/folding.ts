/**
 * Folds a run of idle polls, heartbeats and the quiet between them into one row, once newer ones
 * of the same sort follow: the newest rounds stay, because idle is the lesson; the hundredth is not.
 * Pure: rows in, the fold to make out.
 */
import type { FoldRow, Row } from "./rows.ts";

/** Rows of quiet that stay unfolded at the end, and how many more it takes to fold. */
export const KEEP_ROWS = 16;
const FOLD_AT_LEAST = 6;

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
  let idlePolls = 0;
  let heartbeats = 0;
  for (const row of folded) {
    if (row.kind === "fold") {
      idlePolls += row.idlePolls;
      heartbeats += row.heartbeats;
    } else if (row.kind === "hop") {
      if (row.noise === "idle" && row.event.kind === "http.response") idlePolls += row.count;
      if (row.noise === "heartbeat" && isBeat(row.event)) heartbeats += row.count;
    }
  }
  const spanMs = (folded.at(-1)?.atMs ?? first.atMs) - startOf(first);
  return {
    kind: "fold",
    key: first.kind === "fold" ? first.key : `fold ${first.key}`,
    atMs: first.atMs,
    y: 0,
    // A fold of hours must not keep hours.
    rows: rows.slice(-400),
    spanMs: first.kind === "fold" ? spanMs : Math.max(spanMs, 0),
    idlePolls,
    heartbeats,
    open: false,
  };
}

/** A ping and its pong are one heartbeat. */
function isBeat(event: { label: string; kind: string }): boolean {
  return event.kind !== "redis.reply" && event.kind !== "sql.result" && event.label !== "pong";
}

function startOf(row: Row): number {
  return row.kind === "break" ? row.atMs - row.quietMs : row.atMs;
}
