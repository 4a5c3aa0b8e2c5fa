/** Real time, for the composition root; everything below it takes a Clock. */
import { performance } from "node:perf_hooks";
import type { Clock } from "../../shared/clock.ts";

export const systemClock: Clock = {
  now: () => performance.now(),
  after(afterMs, then) {
    const timer = setTimeout(then, afterMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
