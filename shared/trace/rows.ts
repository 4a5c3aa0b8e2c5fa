/**
 * What the diagram is made of: rows on one time axis, and bars that last from one row to another.
 * Columns are places within the half of the row's pattern. `y` and `slope` belong to `axis.ts`;
 * everything else to `sequence.ts`, which may still change a row after it was drawn (a bundle grows,
 * an end becomes known) and then raises its `revision`.
 */
import type { Marker } from "../contracts/control.ts";
import type { Side } from "../contracts/ids.ts";
import type { TraceEvent } from "./event.ts";

interface Placed {
  /** The same row keeps its key when the sequence is folded anew. */
  key: string;
  /** Wire clock, ms: the order of the axis. */
  atMs: number;
  y: number;
}

/** Hops that are seen so often, with so little in them, that they fold. */
export type Noise = "idle" | "heartbeat";

export interface HopRow extends Placed {
  kind: "hop";
  pattern: Side;
  from: number;
  to: number;
  /** The first of its hops. */
  event: TraceEvent;
  /** How many hops it stands for, and the first of their seqs. */
  count: number;
  seqs: number[];
  noise: Noise | null;
  /** Some of its hops were not alike: its label says only what they share. */
  mixed: boolean;
  /** What the receiving client said it did with it. */
  reported: "updated" | "nothing" | null;
  /** How far below `y` the arrow ends, and how far above it began, for a hop that was delayed. */
  slope: number;
  rise: number;
  revision: number;
}

/** A quiet stretch. */
export interface BreakRow extends Placed {
  kind: "break";
  quietMs: number;
}

/** Idle polls and heartbeats that were folded away; `rows` are still there to be unfolded. */
export interface FoldRow extends Placed {
  kind: "fold";
  rows: readonly Row[];
  spanMs: number;
  idlePolls: number;
  heartbeats: Record<Side, number>;
  open: boolean;
}

export interface MarkerRow extends Placed {
  kind: "marker";
  marker: Marker;
}

export type Row = HopRow | BreakRow | FoldRow | MarkerRow;

/** Polls parked at a replica: from the row that asked to the row that answered. */
export interface Bar {
  key: string;
  pattern: Side;
  /** The replica's column. */
  column: number;
  /** Bars that overlap stand beside each other. */
  lane: number;
  start: HopRow;
  end: HopRow | null;
  /** Polls parked now, and in all. */
  open: number;
  count: number;
  startedAtMs: number;
}
