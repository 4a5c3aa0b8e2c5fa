/**
 * Events → **rows** → axis → drawing. One incremental fold over all sides: each hop becomes a
 * row or joins a bundle, quiet stretches become breaks, old idle polls fold, parked polls get bars.
 * Columns and what to hide are fixed when it is made; another choice means folding the kept events
 * anew. Bounded: the oldest rows go.
 */
import type { Marker } from "../contracts/control.ts";
import { type Participant, perSide, SIDES, type Side } from "../contracts/ids.ts";
import { Bundles } from "./bundles.ts";
import type { HalfColumns } from "./columns.ts";
import type { TraceEvent } from "./event.ts";
import { foldQuietEnd } from "./folding.ts";
import { MAX_BARS, PollBars } from "./poll-bars.ts";
import { isClient, patternOf } from "./roster.ts";
import type { Bar, FoldRow, HopRow, Noise, Row } from "./rows.ts";
import { SeqQueue } from "./seq-queue.ts";

export interface SequenceOptions {
  halves: Partial<Record<Side, HalfColumns>>;
  /** Whether a hop is to be seen at all (a lens may leave some out). */
  shows(event: TraceEvent): boolean;
  maxRows?: number;
}

const DEFAULT_MAX_ROWS = 5_000;
/** Silence longer than this is a break in the axis. */
export const QUIET_MS = 1_000;
const MAX_SEQS_PER_ROW = 64;
const MAX_SETUP_ROWS = 24;
/** A report is about one of the newest rows. */
const REPORT_ROWS = 300;

export class Sequence {
  readonly halves: SequenceOptions["halves"];
  /** Whose halves are drawn. */
  readonly sides: readonly Side[];
  readonly #shows: (event: TraceEvent) => boolean;
  readonly #maxRows: number;
  readonly #rows: Row[] = [];
  readonly #setup = perSide<HopRow[]>(() => []);
  readonly #bundles = perSide(() => new Bundles());
  readonly #bars: PollBars;
  readonly #rowOfSeq = new Map<number, HopRow>();
  readonly #drawnSeqs = new SeqQueue();
  /** Clients whose newest answer was empty: their next poll is noise too. */
  readonly #idleClients = new Set<Participant>();
  #lastAtMs = Number.NEGATIVE_INFINITY;
  /** Rows from here on have not been placed on the axis yet. */
  unplaced = 0;

  constructor(options: SequenceOptions) {
    this.halves = options.halves;
    this.sides = SIDES.filter((side) => options.halves[side] !== undefined);
    this.#shows = options.shows;
    this.#maxRows = options.maxRows ?? DEFAULT_MAX_ROWS;
    // A live page has its own bound; where more rows are kept, so are their bars.
    this.#bars = new PollBars(Math.max(MAX_BARS, options.maxRows ?? 0));
  }

  /** Oldest first. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  get bars(): readonly Bar[] {
    return this.#bars.bars;
  }

  /** Wire time of the newest row. */
  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  /** What links behind the replicas were set up and kept alive with, each kind once. */
  setup(pattern: Side): readonly HopRow[] {
    return this.#setup[pattern];
  }

  rowOf(seq: number): HopRow | undefined {
    return this.#rowOfSeq.get(seq);
  }

  append(event: TraceEvent): void {
    const pattern = patternOf(event);
    const half = pattern === undefined ? undefined : this.halves[pattern];
    if (pattern === undefined || half === undefined || !this.#shows(event)) return;
    const from = half.indexOf(event.from);
    const to = half.indexOf(event.to);
    if (isUpkeep(event)) {
      this.#bandSetup(pattern, event, from, to);
      if (!/SUBSCRIBE$/.test(event.info?.command ?? "")) return;
    }
    const shared = half.columns[from]?.id.endsWith("+") || half.columns[to]?.id.endsWith("+");
    const bundle = this.#bundles[pattern].find(event, from, to, shared === true);
    const row = bundle ?? this.#begin(pattern, event, from, to);
    if (bundle !== null) join(bundle, event);
    this.#remember(event, row);
    this.#bars.park(event, row);
    this.#bars.release(event, row);
    if (bundle === null) this.#settle();
  }

  mark(marker: Marker): void {
    const atMs = Math.max(marker.at, this.#lastAtMs);
    this.#breakBefore(atMs, `m${marker.at}`);
    this.#push({ kind: "marker", key: `m${marker.at} ${marker.text}`, atMs, y: 0, marker });
    this.#settle();
  }

  /** A client says what it did with what it was last sent. Returns how often it was drawn. */
  report(client: Participant, reported: "updated" | "nothing", times: number): number {
    let left = times;
    for (let index = this.#rows.length - 1; index >= 0 && left > 0; index -= 1) {
      const row = this.#rows[index];
      if (row === undefined || this.#rows.length - index > REPORT_ROWS) break;
      if (row.kind !== "hop" || row.event.to !== client || row.count > 1) continue;
      if (!brings(row.event, reported) || row.reported !== null) continue;
      row.reported = reported;
      row.revision += 1;
      left -= 1;
    }
    return times - left;
  }

  /** Takes over what clients had said of rows that are drawn here too. */
  keepReports(before: Sequence): void {
    for (const row of before.rows) {
      if (row.kind !== "hop" || row.reported === null) continue;
      const same = this.#rowOfSeq.get(row.event.seq);
      if (same !== undefined) same.reported = row.reported;
    }
  }

  toggle(fold: FoldRow): void {
    const index = this.#rows.indexOf(fold);
    if (index === -1) return;
    fold.open = !fold.open;
    if (fold.open) this.#rows.splice(index + 1, 0, ...fold.rows);
    else this.#rows.splice(index + 1, fold.rows.length);
    this.unplaced = Math.min(this.unplaced, index);
  }

  #begin(pattern: Side, event: TraceEvent, from: number, to: number): HopRow {
    const atMs = Math.max(event.doneAt, this.#lastAtMs);
    this.#breakBefore(atMs, `${event.seq}`);
    const row = hopRow(pattern, event, from, to, atMs, this.#noiseOf(event));
    this.#bundles[pattern].begin(row);
    this.#push(row);
    return row;
  }

  #noiseOf(event: TraceEvent): Noise | null {
    if (event.info?.heartbeat === true) return "heartbeat";
    if (event.kind === "http.response" && event.info?.poll === true) {
      if (event.outcome === "idle") this.#idleClients.add(event.to);
      else this.#idleClients.delete(event.to);
      return event.outcome === "idle" ? "idle" : null;
    }
    const again = event.info?.poll === true && this.#idleClients.has(event.from);
    return again && event.kind === "http.request" ? "idle" : null;
  }

  #breakBefore(atMs: number, key: string): void {
    const quietMs = atMs - this.#lastAtMs;
    if (this.#rows.length === 0 || quietMs <= QUIET_MS) return;
    this.#push({ kind: "break", key: `b${key}`, atMs, y: 0, quietMs });
  }

  #push(row: Row): void {
    this.#rows.push(row);
    this.#lastAtMs = row.atMs;
  }

  #remember(event: TraceEvent, row: HopRow): void {
    this.#rowOfSeq.set(event.seq, row);
    this.#drawnSeqs.push(event.seq);
    if (this.#drawnSeqs.size <= this.#maxRows * 4) return;
    this.#rowOfSeq.delete(this.#drawnSeqs.shift() ?? -1);
  }

  #settle(): void {
    const folding = foldQuietEnd(this.#rows);
    if (folding !== null) {
      this.#rows.splice(folding.index, folding.count, folding.fold);
      this.unplaced = Math.min(this.unplaced, folding.index);
    }
    if (this.#rows.length <= this.#maxRows) return;
    const gone = Math.ceil(this.#maxRows / 10);
    this.#rows.splice(0, gone);
    this.unplaced = Math.max(0, this.unplaced - gone);
    this.#bars.forgetBefore(this.#rows[0]?.atMs ?? 0);
  }

  #bandSetup(pattern: Side, event: TraceEvent, from: number, to: number): void {
    const band = this.#setup[pattern];
    const same = band.find((row) => {
      // All replicas of a pattern do alike: the first stands for them.
      return row.event.label === event.label && row.event.kind === event.kind;
    });
    if (same !== undefined) join(same, event);
    else if (band.length < MAX_SETUP_ROWS) {
      band.push(hopRow(pattern, event, from, to, event.doneAt, null));
    }
  }
}

function hopRow(
  pattern: Side,
  event: TraceEvent,
  from: number,
  to: number,
  atMs: number,
  noise: Noise | null,
): HopRow {
  return {
    kind: "hop",
    key: `${event.seq}`,
    atMs,
    y: 0,
    pattern,
    from,
    to,
    event,
    count: 1,
    seqs: [event.seq],
    noise,
    mixed: false,
    reported: null,
    slope: 0,
    rise: 0,
    revision: 0,
  };
}

/** Set-up and heartbeats between replicas and what is behind them; what clients do is the story. */
function isUpkeep(event: TraceEvent): boolean {
  if (event.info?.setup !== true && event.info?.heartbeat !== true) return false;
  return !isClient(event.from) && !isClient(event.to);
}

function join(row: HopRow, event: TraceEvent): void {
  row.count += 1;
  if (row.seqs.length < MAX_SEQS_PER_ROW) row.seqs.push(event.seq);
  if (event.label !== row.event.label) row.mixed = true;
  row.revision += 1;
}

function brings(event: TraceEvent, reported: "updated" | "nothing"): boolean {
  if (reported === "nothing") return event.outcome === "idle";
  return event.kind === "http.response"
    ? event.outcome === "messages"
    : event.kind === "packet" && (event.messageIds?.length ?? 0) > 0;
}
