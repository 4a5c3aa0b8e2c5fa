/**
 * Open-loop load: messages arrive at random (Poisson) at a given rate, whatever the answers take.
 * Each has its intended time, and is measured from then: when the fleet is late, the overdue ones
 * are sent at once, and their lateness counts, so that a slow server (or a slow sender) cannot hide
 * by slowing down who measures it. Bounded: beyond the most on the way they are counted as not sent.
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import type { LoadFigures } from "../../shared/contracts/metrics.ts";
import { DeliveryLatency } from "../../shared/metrics/delivery-latency.ts";

const MOST_UNDER_WAY = 2_000;
/** A timer that fires a few milliseconds after its time is no lateness that anybody notices. */
const LATE_AFTER_MS = 10;
/** So many overdue ones are sent in one go; what else is to be done in this process is done between. */
const MOST_AT_ONCE = 500;

export interface LoadGenerator {
  /** Arrivals per second; 0 stops. A load that begins begins to count at nothing. */
  setRate(perSecond: number): void;
  figures(): LoadFigures;
  reset(): void;
}

/** `send` must settle, never reject; it tells whether the message was taken. */
export function createLoadGenerator(
  clock: Clock,
  random: () => number,
  send: (count: number) => Promise<boolean>,
): LoadGenerator {
  let rate = 0;
  let dueMs = 0;
  let timer: Timer | undefined;
  let underWay = 0;
  let counts = noCounts();
  const answers = new DeliveryLatency(60_000, clock.now());

  function nextGapMs(): number {
    return (-Math.log(1 - random()) * 1_000) / rate;
  }

  function arrive(intendedMs: number, nowMs: number): void {
    counts.arrivals += 1;
    if (underWay >= MOST_UNDER_WAY) {
      counts.notSent += 1;
      return;
    }
    if (nowMs - intendedMs > LATE_AFTER_MS) counts.sentLate += 1;
    underWay += 1;
    const mine = counts;
    void send(counts.arrivals).then((isTaken) => {
      underWay -= 1;
      if (mine !== counts) return; // Sent before a reset: counted then.
      if (isTaken) answers.record(clock.now() - intendedMs, clock.now());
      else counts.failed += 1;
    });
  }

  function tick(): void {
    const nowMs = clock.now();
    for (let sent = 0; dueMs <= nowMs && sent < MOST_AT_ONCE; sent++) {
      arrive(dueMs, nowMs);
      dueMs += nextGapMs();
    }
    timer = clock.after(Math.max(0, dueMs - clock.now()), tick);
  }

  function reset(): void {
    counts = noCounts();
    answers.reset();
  }

  return {
    setRate(perSecond) {
      if (perSecond === rate) return;
      timer?.cancel();
      if (rate === 0) reset();
      rate = perSecond;
      if (rate <= 0) return;
      dueMs = clock.now() + nextGapMs();
      timer = clock.after(dueMs - clock.now(), tick);
    },
    figures: () => ({ rate, ...counts, underWay, answerMs: answers.sinceReset() }),
    reset,
  };
}

function noCounts() {
  return { arrivals: 0, sentLate: 0, notSent: 0, failed: 0 };
}
