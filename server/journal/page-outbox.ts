/**
 * What one page has still to be sent. A page that reads slowly gets fewer events and a count of
 * those it did not get; it never makes the server keep more than this.
 */
import type { TraceBatch, TraceEvent } from "../../shared/trace/event.ts";

export const OUTBOX_LIMIT = 5_000;
/** One batch is never larger: a page can draw between two. */
const BATCH_LIMIT = 2_000;

export class PageOutbox {
  #events: TraceEvent[];
  #next: number;
  /** Not sent to this page though the journal had them. */
  #skipped = 0;
  /** Sampling and the journal's bound, as the journal counts them. */
  #dropped: number;
  #isDue: boolean;

  constructor(opening: TraceBatch) {
    this.#events = opening.events;
    this.#next = opening.next;
    this.#dropped = opening.dropped;
    this.#isDue = true;
  }

  get size(): number {
    return this.#events.length;
  }

  add(events: readonly TraceEvent[], dropped: number): void {
    this.#dropped = dropped;
    this.#isDue = true;
    for (const event of events) this.#events.push(event);
    this.#next = events.at(-1)?.seq ?? this.#next;
    const excess = this.#events.length - OUTBOX_LIMIT;
    if (excess <= 0) return;
    this.#events.splice(0, excess); // The newest are what a watcher wants to see.
    this.#skipped += excess;
  }

  /** The next batch, if there is anything to say. */
  take(): TraceBatch | undefined {
    if (!this.#isDue) return undefined;
    const events = this.#events.splice(0, BATCH_LIMIT);
    this.#isDue = this.#events.length > 0;
    const next = this.#isDue ? (events.at(-1)?.seq ?? this.#next) : this.#next;
    return { events, next, dropped: this.#dropped + this.#skipped };
  }

  clear(): void {
    this.#events = [];
    this.#skipped = 0;
    this.#dropped = 0;
    this.#isDue = false;
  }
}
