/** The fleet's own clock: real time, in Node's timers. */
import type { Clock } from "../../shared/clock.ts";

/** Node turns longer timeouts into 1 ms. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const fleetClock: Clock = {
  now: () => performance.now(),
  after(afterMs, then) {
    const timeout = setTimeout(then, Math.min(afterMs, LONGEST_TIMEOUT_MS));
    return { cancel: () => clearTimeout(timeout) };
  },
};
