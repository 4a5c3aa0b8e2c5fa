/** Real time, in Node's timers: what a process' main gives to everything below it that takes a Clock. */
import type { Clock } from "../../shared/clock.ts";

/** Node turns longer timeouts into 1 ms. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(afterMs, then) {
    const timer = setTimeout(then, Math.min(afterMs, LONGEST_TIMEOUT_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};
