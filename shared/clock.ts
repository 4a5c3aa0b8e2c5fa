/**
 * Time comes from outside. Everything that waits takes a Clock, so that tests, slow motion and
 * held traffic can stop or stretch protocol time without touching the protocol.
 */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since some fixed moment; never goes backwards. */
  now(): number;
  /** Calls `then` once, `afterMs` of this clock's milliseconds from now, unless cancelled. */
  after(afterMs: number, then: () => void): Timer;
}

interface Waiting {
  dueMs: number;
  then: () => void;
  timer: Timer | undefined;
}

/**
 * The clock that a replica's or a client's own timers run on. Its rate can be set while they run: at 0
 * they stand still, at 0.1 they take ten times as long. That is how protocol time is held and
 * stretched without the protocol noticing.
 */
export class ProtocolClock implements Clock {
  readonly #base: Clock;
  readonly #waiting = new Set<Waiting>();
  #rate: number;
  /** Protocol time and base time when the rate was last set. */
  #setAtMs = 0;
  #setAtBaseMs: number;

  constructor(base: Clock, rate = 1) {
    this.#base = base;
    this.#rate = rate;
    this.#setAtBaseMs = base.now();
  }

  now(): number {
    return this.#setAtMs + (this.#base.now() - this.#setAtBaseMs) * this.#rate;
  }

  after(afterMs: number, then: () => void): Timer {
    const waiting: Waiting = { dueMs: this.now() + afterMs, then, timer: undefined };
    this.#waiting.add(waiting);
    this.#arm(waiting);
    return {
      cancel: () => {
        waiting.timer?.cancel();
        this.#waiting.delete(waiting);
      },
    };
  }

  setRate(rate: number): void {
    this.#setAtMs = this.now();
    this.#setAtBaseMs = this.#base.now();
    this.#rate = rate;
    for (const waiting of this.#waiting) {
      waiting.timer?.cancel();
      this.#arm(waiting);
    }
  }

  #arm(waiting: Waiting): void {
    waiting.timer = undefined;
    if (this.#rate <= 0) return;
    const baseMs = Math.max(0, waiting.dueMs - this.now()) / this.#rate;
    waiting.timer = this.#base.after(baseMs, () => {
      this.#waiting.delete(waiting);
      waiting.then();
    });
  }
}
