/**
 * The newest events by seq, with what led to what: events → **window** → inspector, stories, rebuilds.
 * Bounded: the oldest are forgotten, and with them their place in causes and stories.
 * It keeps events; it does not interpret them.
 */
import type { TraceEvent } from "./event.ts";
import { SeqQueue } from "./seq-queue.ts";

const DEFAULT_WINDOW_EVENTS = 20_000;

export class EventWindow {
  readonly #limit: number;
  #newestSeq = 0;
  readonly #order = new SeqQueue();
  readonly #events = new Map<number, TraceEvent>();
  readonly #effects = new Map<number, number[]>();
  readonly #stories = new Map<string, number[]>();
  /** Events that nobody has asked about yet: effects and stories are looked up when they are wanted. */
  #unindexed: TraceEvent[] = [];

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
    this.#order.push(event.seq);
    this.#newestSeq = event.seq;
    this.#unindexed.push(event);
    if (this.#events.size > this.#limit) this.#forgetOldest();
    return true;
  }

  bySeq(seq: number): TraceEvent | undefined {
    return this.#events.get(seq);
  }

  /** What this hop led to, as far as it is still here. */
  effectsOf(seq: number): TraceEvent[] {
    this.#index();
    return this.#present(this.#effects.get(seq));
  }

  causesOf(seq: number): TraceEvent[] {
    return this.#present(this.#events.get(seq)?.causes);
  }

  /** All hops of one message, in order. */
  story(traceId: string): TraceEvent[] {
    this.#index();
    return this.#present(this.#stories.get(traceId));
  }

  get newestSeq(): number {
    return this.#newestSeq;
  }

  /** When the oldest event that is kept was forwarded. */
  get oldestAtMs(): number {
    return this.#events.get(this.#order.oldest ?? -1)?.doneAt ?? Number.NEGATIVE_INFINITY;
  }

  /** What came after that seq, at most so many of the newest. */
  after(seq: number, limit: number): TraceEvent[] {
    const found: TraceEvent[] = [];
    for (const newer of this.#order.newestFirst()) {
      if (newer <= seq || found.length >= limit) break;
      found.push(...this.#present([newer]));
    }
    return found.reverse();
  }

  all(): IterableIterator<TraceEvent> {
    return this.#events.values();
  }

  clear(): void {
    this.#newestSeq = 0;
    this.#order.clear();
    this.#events.clear();
    this.#effects.clear();
    this.#stories.clear();
    this.#unindexed = [];
  }

  #present(seqs: readonly number[] | undefined): TraceEvent[] {
    return (seqs ?? []).flatMap((seq) => this.#events.get(seq) ?? []);
  }

  #index(): void {
    for (const event of this.#unindexed) {
      for (const cause of event.causes ?? []) push(this.#effects, cause, event.seq);
      if (event.traceId !== undefined) push(this.#stories, event.traceId, event.seq);
    }
    this.#unindexed = [];
  }

  #forgetOldest(): void {
    this.#index();
    const oldest = this.#events.get(this.#order.shift() ?? -1);
    if (oldest === undefined) return;
    this.#events.delete(oldest.seq);
    this.#effects.delete(oldest.seq);
    // A cause that was forgotten before its effect came would otherwise stay for ever.
    for (const cause of oldest.causes ?? []) {
      if (!this.#events.has(cause)) this.#effects.delete(cause);
    }
    if (oldest.traceId === undefined) return;
    // A story goes with its last hop; what is gone of it before is only skipped.
    const last = this.#stories.get(oldest.traceId)?.at(-1);
    if (last === oldest.seq) this.#stories.delete(oldest.traceId);
  }
}

function push<K>(lists: Map<K, number[]>, key: K, seq: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [seq]);
  else list.push(seq);
}
