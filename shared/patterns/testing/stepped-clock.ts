/** A clock for tests: time passes only when told to, and timers fire in order on the way. */
import type { Clock, Timer } from "../../clock.ts";

interface Waiting {
  dueMs: number;
  then: () => void;
}

export class SteppedClock implements Clock {
  #nowMs = 0;
  #waiting: Waiting[] = [];

  get timers(): number {
    return this.#waiting.length;
  }

  now(): number {
    return this.#nowMs;
  }

  after(afterMs: number, then: () => void): Timer {
    const waiting = { dueMs: this.#nowMs + afterMs, then };
    this.#waiting.push(waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      },
    };
  }

  step(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#take(untilMs); next; next = this.#take(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.then();
    }
    this.#nowMs = untilMs;
  }

  #take(untilMs: number): Waiting | undefined {
    const due = this.#waiting.filter(({ dueMs }) => dueMs <= untilMs);
    const next = due.sort((a, b) => a.dueMs - b.dueMs)[0];
    this.#waiting = this.#waiting.filter((other) => other !== next);
    return next;
  }
}
