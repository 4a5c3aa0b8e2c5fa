/**
 * Where every tap's hops come together: it numbers them, joins them to their causes, counts them in the
 * metrics, keeps their raw bytes and puts what is to be drawn into batches. It is called on the way of
 * the traffic, so it never waits and never throws; what there is no room for it counts.
 */
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { Hop, Recorder } from "./hop.ts";
import type { Joiner } from "./joiner.ts";
import type { RawStore } from "./raw-store.ts";
import type { Sampler } from "./sampler.ts";

export interface WireRecorderOptions {
  now(): number;
  joiner: Joiner;
  sampler: Sampler;
  rawStore: RawStore;
  /** Sees every event, before sampling. */
  fold(event: TraceEvent): void;
  /** A fold or join failed on an event. Traffic goes on. */
  onTrouble(error: unknown): void;
}

export interface Batch {
  events: TraceEvent[];
  dropped: number;
}

export class WireRecorder implements Recorder {
  readonly #options: WireRecorderOptions;
  #seq = 0;
  #waiting: TraceEvent[] = [];
  #dropped = 0;

  constructor(options: WireRecorderOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.now();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  record(hop: Hop): number {
    const { joiner, fold, sampler, rawStore, onTrouble } = this.#options;
    const seq = ++this.#seq;
    const event = toEvent(seq, hop);
    try {
      joiner.join(event);
      fold(event);
      if (sampler.keeps(event)) {
        this.#waiting.push(event);
        if (hop.raw) rawStore.keep(seq, hop.kind, hop.raw);
      } else this.#dropped += 1;
    } catch (error) {
      this.#dropped += 1;
      onTrouble(error);
    }
    return seq;
  }

  /**
   * What is to be drawn since the last batch; undefined when nothing crossed. While nobody takes
   * batches, the sampler's limit for one batch bounds what waits.
   */
  takeBatch(): Batch | undefined {
    if (this.#waiting.length === 0 && this.#dropped === 0) return undefined;
    const batch = { events: this.#waiting, dropped: this.#dropped };
    this.#waiting = [];
    this.#dropped = 0;
    this.#options.sampler.startBatch();
    return batch;
  }
}

/** Field by field: a hop's own object may be shared, and its raw bytes go no further. */
function toEvent(seq: number, hop: Hop): TraceEvent {
  const { at, doneAt, kind, from, to, label, bytes } = hop;
  const event: TraceEvent = { seq, at, doneAt, kind, from, to, label, bytes };
  if (hop.pattern !== undefined) event.pattern = hop.pattern;
  if (hop.traceId !== undefined) event.traceId = hop.traceId;
  if (hop.causes !== undefined) event.causes = hop.causes;
  if (hop.messageIds !== undefined) event.messageIds = hop.messageIds;
  if (hop.outcome !== undefined) event.outcome = hop.outcome;
  if (hop.conn !== undefined) event.conn = hop.conn;
  if (hop.info !== undefined) event.info = hop.info;
  if (hop.perturbed !== undefined) event.perturbed = hop.perturbed;
  return event;
}
