/**
 * One numbering and one clock over restarts of the wire process.
 *
 * Each wire process counts its events from 1 and times them on a clock of its own. Journal and
 * page must never see a number twice or time run backwards, so a later process's seqs and times
 * are moved on: seqs behind the last one seen, times by the difference of the two clocks' origins.
 */
import type { CountedSince, WireMetrics } from "../../shared/contracts/metrics.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";

export class WireEpoch {
  /** Add to a wire time (of the first process) to get ms since the epoch. */
  #originMs: number | undefined;
  #shiftMs = 0;
  #base = 0;
  #lastSeq = 0;
  #begun = 0;

  /** A wire process started; `offsetMs` makes its times ms since the epoch. */
  begin(offsetMs: number): void {
    this.#begun += 1;
    this.#originMs ??= offsetMs;
    this.#shiftMs = offsetMs - this.#originMs;
    this.#base = this.#lastSeq;
  }

  time(wireMs: number): number {
    return wireMs + this.#shiftMs;
  }

  /** Add to a time of the journal to get ms since the epoch. */
  get originMs(): number {
    return this.#originMs ?? 0;
  }

  /** The wire clock at this moment of the epoch. */
  at(epochMs: number): number {
    return epochMs - (this.#originMs ?? epochMs);
  }

  /** The wire's own number of an event, if this process still has it. */
  own(seq: number): number | undefined {
    return seq > this.#base ? seq - this.#base : undefined;
  }

  metrics(metrics: WireMetrics): WireMetrics {
    const { at, why } = metrics.since;
    const since: CountedSince = {
      at: this.time(at),
      why: why === "start" && this.#begun > 1 ? "wire-restart" : why,
    };
    return { ...metrics, at: this.time(metrics.at), since };
  }

  event(event: TraceEvent): TraceEvent {
    const seq = event.seq + this.#base;
    this.#lastSeq = Math.max(this.#lastSeq, seq);
    if (this.#base === 0 && this.#shiftMs === 0) return event;
    const moved = { ...event, seq, at: this.time(event.at), doneAt: this.time(event.doneAt) };
    if (event.causes !== undefined) moved.causes = event.causes.map((cause) => cause + this.#base);
    return moved;
  }
}
