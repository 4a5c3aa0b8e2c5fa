/**
 * Counts over the last minute, in buckets of one second: what a metric's "per second" and
 * "in the window" are read from. `advance` moves time on, `add` counts into the current second.
 * One flat array, nothing allocated per count. It knows no event and no pattern.
 */

const BUCKET_MS = 1_000;

export class RateWindow {
  readonly #fields: number;
  readonly #buckets: number;
  readonly #counts: Float64Array;
  #startedMs: number;
  /** Whole seconds of the clock; the bucket being filled. */
  #second: number;
  #row: number;

  constructor(fields: number, windowMs: number, nowMs: number) {
    this.#fields = fields;
    this.#buckets = Math.ceil(windowMs / BUCKET_MS) + 1;
    this.#counts = new Float64Array(this.#buckets * fields);
    this.#startedMs = nowMs;
    this.#second = Math.floor(nowMs / BUCKET_MS);
    this.#row = this.#rowOf(this.#second);
  }

  /** Moves to `nowMs`; times that lie before the current second count into it. */
  advance(nowMs: number): void {
    const second = Math.floor(nowMs / BUCKET_MS);
    if (second <= this.#second) return;
    const passed = Math.min(second - this.#second, this.#buckets);
    for (let back = 0; back < passed; back++) {
      const row = this.#rowOf(second - back);
      this.#counts.fill(0, row, row + this.#fields);
    }
    this.#second = second;
    this.#row = this.#rowOf(second);
  }

  add(field: number, amount: number): void {
    const at = this.#row + field;
    this.#counts[at] = (this.#counts[at] ?? 0) + amount;
  }

  /** What was counted in the last `overMs`, the running second included. */
  sum(field: number, overMs: number): number {
    const rows = Math.min(this.#buckets, Math.ceil(overMs / BUCKET_MS) + 1);
    let total = 0;
    for (let back = 0; back < rows; back++) {
      total += this.#counts[this.#rowOf(this.#second - back) + field] ?? 0;
    }
    return total;
  }

  /** Per second over the last `overMs`, or since the start where that is shorter (1 s at least). */
  perSecond(field: number, overMs: number, nowMs: number): number {
    const whole = Math.min(this.#buckets - 1, Math.ceil(overMs / BUCKET_MS)) * BUCKET_MS;
    const ms = Math.min(whole + (nowMs % BUCKET_MS), nowMs - this.#startedMs);
    return this.sum(field, overMs) / (Math.max(ms, BUCKET_MS) / 1_000);
  }

  /** How much time the window covers now. */
  coveredMs(overMs: number, nowMs: number): number {
    return Math.max(0, Math.min(overMs, nowMs - this.#startedMs));
  }

  reset(nowMs: number): void {
    this.#counts.fill(0);
    this.#startedMs = nowMs;
    this.advance(nowMs);
  }

  #rowOf(second: number): number {
    return (((second % this.#buckets) + this.#buckets) % this.#buckets) * this.#fields;
  }
}
