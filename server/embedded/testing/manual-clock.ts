/** A clock that stands still until it is told to go on. */
import type { Clock } from "../../../shared/clock.ts";

export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; then: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(afterMs: number, then: () => void) {
    const timer = { atMs: this.#nowMs + afterMs, then };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** How long until the next timer; undefined if there is none. */
  get nextMs(): number | undefined {
    const times = [...this.#timers].map(({ atMs }) => atMs - this.#nowMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Goes on, calls what is due, and lets what that sets off settle. */
  async advance(byMs: number): Promise<void> {
    this.#nowMs += byMs;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.then();
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
