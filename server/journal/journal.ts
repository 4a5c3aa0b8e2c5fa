/**
 * The journal: trace events in order, bounded, with what was lost from it counted.
 *
 * The wire's events come in, numbered; pages, `GET /api/trace` and recordings read. The oldest go
 * when it is full. It promises order and an honest count of gaps, not completeness: the wire may
 * have sampled, and says how much.
 */
import type { Marker } from "../../shared/contracts/control.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { TraceBatch, TraceEvent } from "../../shared/trace/event.ts";
import { Ring } from "./ring.ts";

const JOURNAL_LIMIT = 100_000;
const MARKER_LIMIT = 1_000;
/** Set-up hops (SUBSCRIBE, HELLO …) kept for pages that open later, beyond the ring's bound. */
const SETUP_LIMIT = 500;

export class Journal {
  readonly #events: Ring<TraceEvent>;
  readonly #setup = new Ring<TraceEvent>(SETUP_LIMIT);
  readonly #markers = new Ring<Marker>(MARKER_LIMIT);
  /** Events before this were taken away by `clear`, not lost. */
  #clearedSeq = 0;
  #lastSeq = 0;
  #sampled = 0;

  constructor(limit = JOURNAL_LIMIT) {
    this.#events = new Ring(limit);
  }

  append(events: readonly TraceEvent[], dropped: number): void {
    this.#sampled += dropped;
    for (const event of events) {
      this.#lastSeq = event.seq;
      this.#events.push(event);
      if (isPinned(event)) this.#setup.push(event);
    }
  }

  mark(marker: Marker): void {
    this.#markers.push(marker);
  }

  get markers(): Marker[] {
    return this.#markers.from(0);
  }

  get dropped(): number {
    return this.#sampled + this.#events.evicted;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get size(): number {
    return this.#events.size;
  }

  limits(): Metrics["limits"] {
    return {
      "journal events": this.#events.fill,
      "journal set-up hops": this.#setup.fill,
      "journal markers": this.#markers.fill,
    };
  }

  /** What came after `after`, at most `limit`, oldest first. */
  read(after: number, limit: number): TraceBatch {
    const start = this.#events.firstIndex((event) => event.seq > after);
    const events = this.#events.from(start, limit);
    return {
      events,
      next: events.at(-1)?.seq ?? Math.max(after, this.#clearedSeq),
      dropped: this.dropped,
    };
  }

  /** What a page that opens now should draw: all set-up hops still known, and the newest others. */
  opening(newest: number, after = 0): TraceBatch {
    const start = Math.max(
      this.#events.size - newest,
      this.#events.firstIndex((event) => event.seq > after),
    );
    const events = this.#events.from(start);
    const firstSeq = events[0]?.seq ?? this.#lastSeq + 1;
    const setup = this.#setup.from(0).filter(({ seq }) => seq > after && seq < firstSeq);
    return { events: [...setup, ...events], next: this.#lastSeq, dropped: this.dropped };
  }

  find(seq: number): TraceEvent | undefined {
    const event = this.#events.at(this.#events.firstIndex((candidate) => candidate.seq >= seq));
    if (event?.seq === seq) return event;
    return this.#setup.from(0).find((candidate) => candidate.seq === seq);
  }

  clear(): void {
    this.#clearedSeq = this.#lastSeq;
    this.#events.clear();
    this.#setup.clear();
    this.#markers.clear();
    this.#sampled = 0;
  }
}

/** Set-up behind the replicas. Clients come and go by the thousand, and would push it out. */
function isPinned({ info, from, to }: TraceEvent): boolean {
  return info?.setup === true && !from.startsWith("client:") && !to.startsWith("client:");
}
