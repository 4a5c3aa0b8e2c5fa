/**
 * Delivery latency as percentiles: since reset, and over a sliding window made of a few slices
 * that are dropped one by one. HdrHistogram in microseconds at 1 % precision; recording costs no
 * allocation. What counts as a latency is decided by who records it (rule ME1).
 */
import { build, type Histogram } from "hdr-histogram-js";
import type { Percentiles } from "../contracts/metrics.ts";

const SLICES = 6;
/** Of no delivery at all. */
export const NO_LATENCY: Readonly<Percentiles> = { count: 0, p50: 0, p95: 0, p99: 0, max: 0 };
/** An hour: longer latencies count as one hour. */
const HIGHEST_US = 3_600_000_000;

function createHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 2,
    useWebAssembly: false,
  });
}

export class DeliveryLatency {
  readonly #sliceMs: number;
  readonly #total = createHistogram();
  readonly #slices = Array.from({ length: SLICES }, createHistogram);
  readonly #merged = createHistogram();
  #slice: number;
  #current: Histogram;

  constructor(windowMs: number, nowMs: number) {
    this.#sliceMs = windowMs / SLICES;
    this.#slice = Math.floor(nowMs / this.#sliceMs);
    this.#current = this.#sliceAt(this.#slice);
  }

  record(latencyMs: number, nowMs: number): void {
    this.#advance(nowMs);
    const us = Math.min(HIGHEST_US, Math.max(1, Math.round(latencyMs * 1_000)));
    this.#total.recordValue(us);
    this.#current.recordValue(us);
  }

  sinceReset(): Percentiles {
    return percentiles(this.#total);
  }

  inWindow(nowMs: number): Percentiles {
    this.#advance(nowMs);
    this.#merged.reset();
    for (const slice of this.#slices) {
      if (slice.totalCount > 0) this.#merged.add(slice);
    }
    return percentiles(this.#merged);
  }

  reset(): void {
    this.#total.reset();
    for (const slice of this.#slices) slice.reset();
  }

  #advance(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice <= this.#slice) return;
    const passed = Math.min(slice - this.#slice, SLICES);
    for (let back = 0; back < passed; back++) this.#sliceAt(slice - back).reset();
    this.#slice = slice;
    this.#current = this.#sliceAt(slice);
  }

  #sliceAt(slice: number): Histogram {
    const found = this.#slices[((slice % SLICES) + SLICES) % SLICES];
    if (found === undefined) throw new RangeError(`no slice ${slice}`);
    return found;
  }
}

function percentiles(histogram: Histogram): Percentiles {
  const count = histogram.totalCount;
  if (count === 0) return NO_LATENCY;
  const max = histogram.maxValue / 1_000;
  const ms = (percentile: number) =>
    Math.min(max, histogram.getValueAtPercentile(percentile) / 1_000);
  return { count, p50: ms(50), p95: ms(95), p99: ms(99), max };
}
