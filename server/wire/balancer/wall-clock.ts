/** Real time, for the balancer's own time limits. It is never slowed: only protocol time is. */
import type { Clock } from "../../../shared/clock.ts";

export const wallClock: Clock = {
  now: () => performance.now(),
  after(afterMs, then) {
    const timeout = setTimeout(then, afterMs);
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  },
};
