/** Waiting on a clock: for a while, or for something that may take too long. */
import type { Clock } from "../../shared/clock.ts";

export function pause(clock: Clock, forMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(forMs, resolve);
  });
}

/** What `work` gives, unless `withinMs` of the clock's time pass first: then `late()` is thrown. */
export function within<T>(
  clock: Clock,
  withinMs: number,
  work: Promise<T>,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(withinMs, () => reject(late()));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
