/**
 * Whether a server of ours that runs still answers. One that hangs, or was stopped by somebody, has
 * not ended, so its supervisor would not know. It only tells; what to do about it is not decided here.
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import { PROBE_EVERY_MS, PROBE_TIMEOUT_MS, within } from "./probed-part.ts";

export interface AnswerWatchOptions {
  /** Resolves if it answers. */
  probe(): Promise<void>;
  clock: Clock;
  /** It did not answer twice in a row: once may happen on a busy machine. */
  onSilent(reason: string): void;
  /** It answers again. */
  onAnswer(): void;
}

const MISSES = 2;
const ASK_AGAIN_MS = 0;

export class AnswerWatch {
  readonly #options: AnswerWatchOptions;
  #misses = 0;
  #waiting: Timer;
  #isStopped = false;

  constructor(options: AnswerWatchOptions) {
    this.#options = options;
    this.#waiting = this.#askAfter(PROBE_EVERY_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting.cancel();
  }

  #askAfter(waitMs: number): Timer {
    return this.#options.clock.after(waitMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const { clock, probe } = this.#options;
    const reason = await within(PROBE_TIMEOUT_MS, clock, probe()).then(
      () => undefined,
      (problem: Error) => problem.message,
    );
    if (this.#isStopped) return;
    if (reason === undefined) this.#answered();
    else this.#missed(reason);
    const isInDoubt = this.#misses > 0 && this.#misses < MISSES;
    this.#waiting = this.#askAfter(isInDoubt ? ASK_AGAIN_MS : PROBE_EVERY_MS);
  }

  #answered(): void {
    if (this.#misses >= MISSES) this.#options.onAnswer();
    this.#misses = 0;
  }

  #missed(reason: string): void {
    this.#misses++;
    if (this.#misses === MISSES) this.#options.onSilent(reason);
  }
}
