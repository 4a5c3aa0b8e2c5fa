/**
 * What is held, as the wire last said it, and how fast protocol time has run since: countdowns on
 * the page stand still and slow down with the timers they show.
 */
import { createStore } from "zustand/vanilla";
import { clockRateOf, type HoldState, NOTHING_HELD } from "../../shared/hold/hold-state.ts";

interface RateChange {
  atMs: number;
  rate: number;
}

const MOST_CHANGES = 200;
let changes: RateChange[] = [];

export const holdStore = createStore<HoldState>()(() => NOTHING_HELD);

/** `nowMs`: on the wire's clock. */
export function takeHold(state: HoldState, nowMs: number): void {
  const rate = clockRateOf(state);
  if (rate !== (changes.at(-1)?.rate ?? 1)) {
    changes = [...changes, { atMs: nowMs, rate }].slice(-MOST_CHANGES);
  }
  const { hit, ...rest } = state;
  holdStore.setState({ ...rest, ...(hit && { hit }) }, true);
}

/** How much protocol time has passed between two times of the wire's clock, ms. */
export function protocolMs(fromMs: number, toMs: number): number {
  let passed = 0;
  let sinceMs = fromMs;
  let rate = 1;
  for (const change of changes) {
    if (change.atMs > fromMs) {
      const untilMs = Math.min(change.atMs, toMs);
      passed += Math.max(0, untilMs - sinceMs) * rate;
      sinceMs = Math.max(sinceMs, untilMs);
    }
    rate = change.rate;
  }
  return passed + Math.max(0, toMs - sinceMs) * rate;
}
