/** What came while the view was frozen: the newest events, up to a bound. */
import type { TraceBatch } from "../../shared/trace/event.ts";

type Batch = TraceBatch & { now: number };

const MAX_HELD_EVENTS = 20_000;

export class HeldBatches {
  #batches: Batch[] = [];
  #events = 0;

  /** Events waiting. */
  get size(): number {
    return this.#events;
  }

  add(batch: Batch): void {
    this.#batches.push(batch);
    this.#events += batch.events.length;
    while (this.#events > MAX_HELD_EVENTS && this.#batches.length > 1) {
      this.#events -= this.#batches.shift()?.events.length ?? 0;
    }
  }

  take(): readonly Batch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#events = 0;
    return batches;
  }
}
