/**
 * Parked polls as bars on their replica's lifeline: from the hop that asked to the hop that answered.
 * Polls drawn as one arrow share one bar. A response is joined to its request by `causes` only.
 */
import type { TraceEvent } from "./event.ts";
import type { Bar, HopRow } from "./rows.ts";

const MAX_OPEN_POLLS = 45_000;
/** Bars beside each other on one lifeline; more overlap. */
const MAX_LANES = 3;

/** Beyond it, the oldest that have ended go. */
export const MAX_BARS = 4_000;

export class PollBars {
  readonly #maxBars: number;
  readonly #byRequest = new Map<number, Bar>();
  readonly #byRow = new WeakMap<HopRow, Bar>();
  readonly #open = new Set<Bar>();
  #bars: Bar[] = [];

  constructor(maxBars = MAX_BARS) {
    this.#maxBars = maxBars;
  }

  /** Oldest first. */
  get bars(): readonly Bar[] {
    return this.#bars;
  }

  /** A poll was sent, and is drawn by this row. */
  park(event: TraceEvent, row: HopRow): void {
    if (event.kind !== "http.request" || event.info?.poll !== true) return;
    if (this.#byRequest.size >= MAX_OPEN_POLLS) return;
    const bar = this.#byRow.get(row) ?? this.#begin(event, row);
    // A bundle's bar that seemed to have ended goes on when its arrow gets another poll.
    bar.end = null;
    this.#open.add(bar);
    bar.open += 1;
    bar.count += 1;
    this.#byRequest.set(event.seq, bar);
  }

  /** A hop that may end a poll: its answer, or its client leaving. */
  release(event: TraceEvent, row: HopRow): void {
    if (event.kind !== "http.response" && event.kind !== "socket.close") return;
    for (const cause of event.causes ?? []) {
      const bar = this.#byRequest.get(cause);
      if (bar === undefined) continue;
      this.#byRequest.delete(cause);
      bar.open -= 1;
      if (bar.open > 0) continue;
      bar.end = row;
      this.#open.delete(bar);
    }
  }

  /** Forgets bars that ended before this time. */
  forgetBefore(atMs: number): void {
    this.#bars = this.#bars.filter((bar) => bar.end === null || bar.end.atMs >= atMs);
  }

  #begin(event: TraceEvent, row: HopRow): Bar {
    const bar: Bar = {
      key: `p${event.seq}`,
      pattern: row.pattern,
      column: row.to,
      lane: this.#freeLane(row.to),
      start: row,
      end: null,
      open: 0,
      count: 0,
      startedAtMs: event.doneAt,
    };
    this.#byRow.set(row, bar);
    this.#bars.push(bar);
    if (this.#bars.length > this.#maxBars) this.#dropOldest();
    return bar;
  }

  #freeLane(column: number): number {
    const taken = new Set<number>();
    for (const bar of this.#open) if (bar.column === column) taken.add(bar.lane);
    for (let lane = 0; lane < MAX_LANES; lane += 1) if (!taken.has(lane)) return lane;
    return taken.size % MAX_LANES;
  }

  #dropOldest(): void {
    const ended = this.#bars.filter((bar) => bar.end !== null);
    const drop = new Set(ended.slice(0, this.#maxBars / 4));
    this.#bars = this.#bars.filter((bar) => !drop.has(bar));
  }
}
