import { describe, expect, it } from "vitest";
import { ProtocolClock } from "../../shared/clock.ts";
import { SteppedClock } from "../../shared/patterns/testing/stepped-clock.ts";
import { within } from "./deadlines.ts";

function setUp(rate?: number) {
  const base = new SteppedClock();
  const clock = new ProtocolClock(base, rate);
  const fired: number[] = [];
  return { base, clock, fired, note: () => fired.push(base.now()) };
}

describe("the protocol clock", () => {
  it("LP29 goes as the base clock goes, at rate 1", () => {
    const { base, clock, fired, note } = setUp();
    clock.after(100, note);
    base.step(99);
    expect(fired).toEqual([]);
    base.step(1);
    expect([fired, clock.now()]).toEqual([[100], 100]);
  });

  it("LP29 stretches timers that run already, by what is left of them", () => {
    const { base, clock, fired, note } = setUp();
    clock.after(100, note);
    base.step(50);
    clock.setRate(0.1);
    base.step(499);
    expect([fired, clock.now()]).toEqual([[], 99.9]);
    base.step(1);
    expect(fired).toEqual([550]);
  });

  it("LP29 stands still at rate 0, has no timer running, and goes on from there", () => {
    const { base, clock, fired, note } = setUp(0);
    clock.after(100, note);
    base.step(1_000_000);
    expect([clock.now(), base.timers, fired]).toEqual([0, 0, []]);
    clock.setRate(1);
    base.step(100);
    expect(fired).toEqual([1_000_100]);
  });

  it("LP29 does not call what was cancelled, at whatever rate", () => {
    const { base, clock, fired, note } = setUp();
    const running = clock.after(10, note);
    const standing = clock.after(10, note);
    running.cancel();
    clock.setRate(0);
    standing.cancel();
    clock.setRate(5);
    base.step(1_000);
    expect([fired, base.timers]).toEqual([[], 0]);
  });

  it("LP29 gives up waiting by its own time", async () => {
    const { base, clock } = setUp(0.5);
    const never = within(clock, 100, new Promise(() => undefined), () => new Error("late"));
    base.step(200);
    await expect(never).rejects.toThrow("late");
    await expect(within(clock, 100, Promise.resolve(7), () => new Error("late"))).resolves.toBe(7);
    expect(base.timers).toBe(0);
  });
});
