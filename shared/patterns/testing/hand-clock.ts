/** A clock that only moves when told: `pass(ms)` runs what became due, in order. */
import type { Clock, Timer } from "../../clock.ts";

export interface HandClock extends Clock {
  pass(ms: number): void;
  /** How many timers wait. */
  readonly waiting: number;
}

export function createHandClock(): HandClock {
  let nowMs = 0;
  const timers = new Set<{ dueMs: number; then: () => void }>();

  function earliest(untilMs: number) {
    let found: { dueMs: number; then: () => void } | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (!found || timer.dueMs < found.dueMs)) found = timer;
    }
    return found;
  }

  return {
    now: () => nowMs,
    after(afterMs, then): Timer {
      const timer = { dueMs: nowMs + afterMs, then };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    pass(ms) {
      const untilMs = nowMs + ms;
      for (let due = earliest(untilMs); due; due = earliest(untilMs)) {
        timers.delete(due);
        nowMs = due.dueMs;
        due.then();
      }
      nowMs = untilMs;
    },
    get waiting() {
      return timers.size;
    },
  };
}

/** A chat message of the lobby. */
export function chat(id: number) {
  return {
    id,
    text: `message ${id}`,
    time: "2026-01-01T00:00:00.000Z",
    server: "x-1",
    room: "lobby",
  };
}
