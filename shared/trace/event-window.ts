/**
 * The newest events by seq, with what led to what: events → **window** → inspector, stories, rebuilds.
 * Bounded: the oldest are forgotten, and with them their place in causes and stories.
 * It keeps events; it does not interpret them.
 */
import type { TraceEvent } from "./event.ts";

export const DEFAULT_WINDOW_EVENTS = 20_000;

export class EventWindow {
  readonly #limit: number;
  #newestSeq = 0;
  readonly #events = new Map<number, TraceEvent>();
  readonly #effects = new Map<number, number[]>();
  readonly #stories = new Map<string, number[]>();

  constructor(limit = DEFAULT_WINDOW_EVENTS) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#events.size;
  }

  /** Adds a new event; false for one that is here already (a feed may repeat itself after a reconnection). */
  add(event: TraceEvent): boolean {
    if (this.#events.has(event.seq)) return false;
    this.#events.set(event.seq, event);
    this.#newestSeq = event.seq;
    for (const cause of event.causes ?? []) push(this.#effects, cause, event.seq);
    if (event.traceId !== undefined) push(this.#stories, event.traceId, event.seq);
    if (this.#events.size > this.#limit) this.#forgetOldest();
    return true;
  }

  bySeq(seq: number): TraceEvent | undefined {
    return this.#events.get(seq);
  }

  /** What this hop led to, as far as it is still here. */
  effectsOf(seq: number): TraceEvent[] {
    return this.#present(this.#effects.get(seq));
  }

  causesOf(seq: number): TraceEvent[] {
    return this.#present(this.#events.get(seq)?.causes);
  }

  /** All hops of one message, in order. */
  story(traceId: string): TraceEvent[] {
    return this.#present(this.#stories.get(traceId));
  }

  get newestSeq(): number {
    return this.#newestSeq;
  }

  /** What came after that seq, at most so many of the newest. */
  after(seq: number, limit: number): TraceEvent[] {
    const found: TraceEvent[] = [];
    const first = Math.max(seq, this.#newestSeq - limit) + 1;
    for (let at = first; at <= this.#newestSeq; at += 1) {
      const event = this.#events.get(at);
      if (event !== undefined) found.push(event);
    }
    return found;
  }

  all(): IterableIterator<TraceEvent> {
    return this.#events.values();
  }

  clear(): void {
    this.#newestSeq = 0;
    this.#events.clear();
    this.#effects.clear();
    this.#stories.clear();
  }

  #present(seqs: readonly number[] | undefined): TraceEvent[] {
    return (seqs ?? []).flatMap((seq) => this.#events.get(seq) ?? []);
  }

  #forgetOldest(): void {
    const oldest = this.#events.values().next().value;
    if (oldest === undefined) return;
    this.#events.delete(oldest.seq);
    this.#effects.delete(oldest.seq);
    // A cause that was forgotten before its effect came would otherwise stay for ever.
    for (const cause of oldest.causes ?? []) {
      if (!this.#events.has(cause)) this.#effects.delete(cause);
    }
    if (oldest.traceId === undefined) return;
    const story = this.#stories.get(oldest.traceId);
    if (story === undefined) return;
    const rest = story.filter((seq) => this.#events.has(seq));
    if (rest.length === 0) this.#stories.delete(oldest.traceId);
    else if (rest.length * 2 < story.length) this.#stories.set(oldest.traceId, rest);
  }
}

function push<K>(lists: Map<K, number[]>, key: K, seq: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [seq]);
  else list.push(seq);
}
