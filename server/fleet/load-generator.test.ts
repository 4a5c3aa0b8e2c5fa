import { describe, expect, it } from "vitest";
import { createHandClock } from "../../shared/patterns/testing/hand-clock.ts";
import { createLoadGenerator } from "./load-generator.ts";

/** The same numbers in [0, 1) each run. */
function seeded() {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe("load generator", () => {
  it("FL21 arrivals are as many as wanted, and irregular as Poisson is", () => {
    const clock = createHandClock();
    const atMs: number[] = [];
    const load = createLoadGenerator(clock, seeded(), async () => {
      atMs.push(clock.now());
      return true;
    });
    load.setRate(20);
    clock.pass(100_000);
    expect(atMs.length).toBeGreaterThan(1_850);
    expect(atMs.length).toBeLessThan(2_150);
    const gaps = atMs.slice(1).map((at, index) => at - (atMs[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 0);
  });

  it("FL21 what is overdue is sent at once, and its lateness counts", async () => {
    let nowMs = 0;
    let wake: () => void = () => undefined;
    const clock = {
      now: () => nowMs,
      after(_afterMs: number, then: () => void) {
        wake = then;
        return { cancel: () => undefined };
      },
    };
    let sent = 0;
    const load = createLoadGenerator(
      clock,
      () => 0.5,
      async () => {
        sent += 1;
        return true;
      },
    );
    load.setRate(100);
    nowMs = 1_000;
    wake();
    expect(sent).toBe(144);
    await Promise.resolve();
    const { arrivals, sentLate, underWay, answerMs } = load.figures();
    expect({ arrivals, sentLate, underWay }).toEqual({ arrivals: 144, sentLate: 142, underWay: 0 });
    // Due 6.9 ms apart over the last second, all answered now.
    expect(answerMs.count).toBe(144);
    expect(answerMs.p50).toBeCloseTo(500, -1);
    expect(answerMs.max).toBeCloseTo(993, 0);
  });

  it("FL21 goes on whatever the answers take, up to a bound it counts beyond", () => {
    const clock = createHandClock();
    let sent = 0;
    const load = createLoadGenerator(
      clock,
      () => 0.5,
      () => {
        sent += 1;
        return new Promise(() => undefined);
      },
    );
    load.setRate(1_000);
    clock.pass(3_000);
    expect(sent).toBe(2_000);
    const { arrivals, notSent, underWay } = load.figures();
    expect(notSent).toBeGreaterThan(2_000);
    expect({ arrivals, underWay }).toEqual({ arrivals: notSent + 2_000, underWay: 2_000 });
  });

  it("FL21 a rate of nothing stops it", () => {
    const clock = createHandClock();
    let sent = 0;
    const load = createLoadGenerator(
      clock,
      () => 0.5,
      async () => {
        sent += 1;
        return true;
      },
    );
    load.setRate(100);
    load.setRate(0);
    clock.pass(10_000);
    expect({ sent, waiting: clock.waiting }).toEqual({ sent: 0, waiting: 0 });
  });

  it("FL21 counts what was refused, begins anew with a new load and on reset", async () => {
    const clock = createHandClock();
    const load = createLoadGenerator(
      clock,
      () => 0.5,
      async () => false,
    );
    load.setRate(100);
    clock.pass(1_000);
    await Promise.resolve();
    expect(load.figures()).toMatchObject({ rate: 100, failed: 144, answerMs: { count: 0 } });
    load.setRate(200);
    expect(load.figures()).toMatchObject({ rate: 200, failed: 144 });
    load.setRate(0);
    load.setRate(50);
    expect(load.figures()).toMatchObject({ arrivals: 0, failed: 0 });
    clock.pass(1_000);
    load.reset();
    await Promise.resolve();
    expect(load.figures()).toMatchObject({ arrivals: 0, failed: 0, underWay: 0 });
  });
});
