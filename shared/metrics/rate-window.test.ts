import { describe, expect, it } from "vitest";
import { RateWindow } from "./rate-window.ts";

describe("rate window", () => {
  it("ME17 counts what lies within, and forgets the rest", () => {
    const rates = new RateWindow(2, 10_000, 0);
    for (let second = 0; second < 30; second++) {
      rates.advance(second * 1_000);
      rates.add(1, 3);
    }
    expect(rates.perSecond(1, 5_000, 29_999)).toBeCloseTo(3, 1);
    expect(rates.sum(0, 10_000)).toBe(0);
    rates.advance(60_000);
    expect(rates.sum(1, 10_000)).toBe(0);
  });

  it("ME17 divides by the time since the start where that is shorter", () => {
    const rates = new RateWindow(1, 60_000, 500);
    rates.add(0, 4);
    rates.advance(2_500);
    expect(rates.perSecond(0, 5_000, 2_500)).toBe(2);
  });
});
