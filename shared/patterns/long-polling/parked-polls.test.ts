import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SteppedClock } from "../testing/stepped-clock.ts";
import { ParkedPolls, type Poll } from "./parked-polls.ts";

function setUp(timeoutMs = 1_000) {
  const clock = new SteppedClock();
  const expired: [reply: string, atMs: number][] = [];
  const parked = new ParkedPolls<string>(clock, timeoutMs, ({ reply }) => {
    expired.push([reply, clock.now()]);
  });
  return { clock, parked, expired };
}
const replies = (polls: Poll<string>[]) => polls.map(({ reply }) => reply);

describe("parked polls", () => {
  it("LP2 releases the polls of one room, oldest first, and no others", () => {
    const { parked } = setUp();
    parked.park("a", 3, "first");
    parked.park("b", 3, "elsewhere");
    parked.park("a", 2, "second");
    expect(replies(parked.release("a", 4))).toEqual(["first", "second"]);
    expect(parked.release("a", 4)).toEqual([]);
    expect([parked.size, parked.has("a"), parked.has("b")]).toEqual([1, false, true]);
  });

  it("LP5 leaves those that have the newest message already", () => {
    const { parked } = setUp();
    parked.park("a", 4, "has it");
    parked.park("a", 3, "lacks it");
    parked.park("a", undefined, "has nothing");
    expect(replies(parked.release("a", 4))).toEqual(["lacks it", "has nothing"]);
    expect(parked.size).toBe(1);
  });

  it("LP3 expires each poll when the timeout has passed since it began to wait", () => {
    const { clock, parked, expired } = setUp();
    parked.park("a", 0, "early");
    clock.step(400);
    parked.park("b", 0, "late");
    clock.step(5_000);
    expect(expired).toEqual([
      ["early", 1_000],
      ["late", 1_400],
    ]);
    expect(parked.size).toBe(0);
  });

  it("LP3 expires nobody who was released, or left, and those after them in time", () => {
    const { clock, parked, expired } = setUp();
    const left = parked.park("a", 0, "left");
    parked.park("b", 0, "released");
    clock.step(300);
    parked.park("c", 0, "waits");
    parked.leave(left);
    parked.release("b", 1);
    clock.step(1_000);
    expect(expired).toEqual([["waits", 1_300]]);
  });

  it("LP27 frees the place of a poll whose client went, once", () => {
    const { parked } = setUp();
    const poll = parked.park("a", 0, "gone");
    parked.leave(poll);
    parked.leave(poll);
    expect([parked.size, parked.has("a")]).toEqual([0, false]);
  });

  it("LP28 counts a changed timeout from when a poll began to wait", () => {
    const { clock, parked, expired } = setUp(25_000);
    parked.park("a", 0, "old");
    clock.step(600);
    parked.park("a", 0, "new");
    parked.setTimeoutMs(500);
    expect(expired).toEqual([["old", 600]]);
    parked.setTimeoutMs(2_000);
    clock.step(10_000);
    expect(expired.at(-1)).toEqual(["new", 2_600]);
  });

  it("LP30 releases all of them, and has no timer left when nobody waits", () => {
    const { clock, parked, expired } = setUp();
    for (const room of ["a", "b", "c"]) parked.park(room, 0, room);
    expect(replies(parked.releaseAll())).toEqual(["a", "b", "c"]);
    clock.step(1_000);
    expect([expired, clock.timers, parked.size]).toEqual([[], 0, 0]);
  });

  it("LP19 answers every poll exactly once, whatever happens in whatever order", () => {
    const room = fc.constantFrom("a", "b");
    const action = fc.oneof(
      fc.record({ kind: fc.constant("park" as const), room, after: fc.nat(5) }),
      fc.record({ kind: fc.constant("release" as const), room, newest: fc.nat(6) }),
      fc.record({ kind: fc.constant("leave" as const), which: fc.nat(50) }),
      fc.record({ kind: fc.constant("step" as const), ms: fc.nat(800) }),
      fc.record({
        kind: fc.constant("timeout" as const),
        ms: fc.integer({ min: 100, max: 2_000 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { clock, parked, expired } = setUp();
        const polls: Poll<string>[] = [];
        const ended: string[] = [];
        for (const act of actions) {
          if (act.kind === "park") {
            polls.push(parked.park(act.room, act.after, `${polls.length}`));
          } else if (act.kind === "release") {
            ended.push(...replies(parked.release(act.room, act.newest)));
          } else if (act.kind === "leave") {
            const before = parked.size;
            const poll = polls[act.which];
            if (poll) parked.leave(poll);
            if (poll && parked.size < before) ended.push(poll.reply);
          } else if (act.kind === "step") clock.step(act.ms);
          else parked.setTimeoutMs(act.ms);
        }
        clock.step(10_000);
        const all = [...ended, ...expired.map(([reply]) => reply)].sort();
        expect(all).toEqual(polls.map(({ reply }) => reply).sort());
        expect([parked.size, parked.has("a"), parked.has("b")]).toEqual([0, false, false]);
      }),
    );
  });
});
