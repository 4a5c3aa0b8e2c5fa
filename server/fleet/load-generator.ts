/**
 * Open-loop load: messages arrive at random (Poisson) at a given rate, whatever the answers take.
 * Each has its intended time; when the fleet is late, the overdue ones are sent at once, so that
 * a slow server cannot slow down who measures it. Bounded: beyond the most in flight they are
 * counted as not sent.
 */
import type { Clock, Timer } from "../../shared/clock.ts";

const MOST_IN_FLIGHT = 2_000;

export interface LoadGenerator {
  /** Arrivals per second; 0 stops. */
  setRate(perSecond: number): void;
  /** Arrivals that were given up because too many were under way. */
  readonly notSent: number;
}

/** `send` must settle, never reject. */
export function createLoadGenerator(
  clock: Clock,
  random: () => number,
  send: (count: number) => Promise<unknown>,
): LoadGenerator {
  let rate = 0;
  let dueMs = 0;
  let timer: Timer | undefined;
  let arrivals = 0;
  let inFlight = 0;
  let notSent = 0;

  function nextGapMs(): number {
    return (-Math.log(1 - random()) * 1_000) / rate;
  }

  function sendOne(): void {
    if (inFlight >= MOST_IN_FLIGHT) {
      notSent += 1;
      return;
    }
    arrivals += 1;
    inFlight += 1;
    send(arrivals).finally(() => {
      inFlight -= 1;
    });
  }

  function tick(): void {
    while (dueMs <= clock.now()) {
      sendOne();
      dueMs += nextGapMs();
    }
    timer = clock.after(dueMs - clock.now(), tick);
  }

  return {
    setRate(perSecond) {
      if (perSecond === rate) return;
      timer?.cancel();
      rate = perSecond;
      if (rate <= 0) return;
      dueMs = clock.now() + nextGapMs();
      timer = clock.after(dueMs - clock.now(), tick);
    },
    get notSent() {
      return notSent;
    },
  };
}
