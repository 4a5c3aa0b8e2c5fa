/** What in a diagram is worth going to: losses, refusals, reconnections, idle answers, markers, bookmarks. */
import type { Diagram } from "../../shared/trace/diagram.ts";
import { isLost, type TraceEvent } from "../../shared/trace/event.ts";
import type { Bookmark } from "../../shared/trace/recording.ts";
import type { Row } from "../../shared/trace/rows.ts";
import type { Sequence } from "../../shared/trace/sequence.ts";

export type LandmarkKind = "loss" | "refusal" | "reconnect" | "idle" | "marker" | "bookmark";

export interface Landmark {
  kind: LandmarkKind;
  /** Of its row. */
  index: number;
  /** What it was, in a few words. */
  text: string;
}

let known: { sequence: unknown; rows: number; found: readonly Landmark[] } | undefined;

/** In the order of the rows. What stands still is looked through once. */
export function landmarksOf(
  { sequence }: Diagram,
  bookmarks: readonly Bookmark[],
): readonly Landmark[] {
  if (known?.sequence !== sequence || known.rows !== sequence.rows.length) {
    known = { sequence, rows: sequence.rows.length, found: found(sequence.rows) };
  }
  if (bookmarks.length === 0) return known.found;
  return [...known.found, ...placesOf(sequence, bookmarks)].sort((a, b) => a.index - b.index);
}

function found(rows: readonly Row[]): readonly Landmark[] {
  const landmarks: Landmark[] = [];
  const connected = new Set<string>();
  rows.forEach((row, index) => {
    if (row.kind === "marker") landmarks.push({ kind: "marker", index, text: row.marker.text });
    if (row.kind === "fold" && row.idlePolls > 0) {
      landmarks.push({ kind: "idle", index, text: `${row.idlePolls} idle polls` });
    }
    if (row.kind !== "hop") return;
    const kind = kindOf(row.event, connected);
    if (kind !== undefined) landmarks.push({ kind, index, text: row.event.label });
  });
  return landmarks;
}

function kindOf(event: TraceEvent, connected: Set<string>): LandmarkKind | undefined {
  if (isLost(event)) return "loss";
  if (event.outcome === "error") return "refusal";
  if (event.outcome === "idle") return "idle";
  if (event.kind !== "socket.open") return undefined;
  const isBack = connected.has(event.from);
  connected.add(event.from);
  return isBack ? "reconnect" : undefined;
}

function placesOf(sequence: Sequence, bookmarks: readonly Bookmark[]): Landmark[] {
  const names = new Map<Row | undefined, string>(
    bookmarks.map(({ seq, name }) => [sequence.rowOf(seq), name]),
  );
  const landmarks: Landmark[] = [];
  sequence.rows.forEach((row, index) => {
    const text = names.get(row);
    if (text !== undefined) landmarks.push({ kind: "bookmark", index, text });
  });
  return landmarks;
}
