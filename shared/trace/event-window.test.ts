import { describe, expect, it } from "vitest";
import type { TraceEvent } from "./event.ts";
import { EventWindow } from "./event-window.ts";

function event(seq: number, more: Partial<TraceEvent> = {}): TraceEvent {
  return {
    seq,
    at: seq,
    doneAt: seq,
    kind: "packet",
    from: "client:a",
    to: "replica:ws-1",
    label: `${seq}`,
    bytes: 1,
    ...more,
  };
}

const seqs = (events: readonly TraceEvent[]) => events.map(({ seq }) => seq);

describe("event window", () => {
  it("SD18 finds causes, effects and the whole story", () => {
    const window = new EventWindow();
    window.add(event(1, { traceId: "t" }));
    window.add(event(2));
    window.add(event(3, { traceId: "t", causes: [1] }));
    window.add(event(4, { traceId: "t", causes: [3, 2] }));
    expect(seqs(window.causesOf(4))).toEqual([3, 2]);
    expect(seqs(window.effectsOf(1))).toEqual([3]);
    expect(seqs(window.story("t"))).toEqual([1, 3, 4]);
    expect(window.story("other")).toEqual([]);
  });

  it("SD15 forgets the oldest, and what pointed to them", () => {
    const window = new EventWindow(3);
    for (let seq = 1; seq <= 10; seq += 1) {
      window.add(event(seq, { traceId: "t", causes: seq > 1 ? [seq - 1] : [] }));
    }
    expect(window.size).toBe(3);
    expect(window.bySeq(7)).toBeUndefined();
    expect(seqs(window.story("t"))).toEqual([8, 9, 10]);
    expect(window.causesOf(8)).toEqual([]);
  });

  it("SD15 takes an event once", () => {
    const window = new EventWindow();
    expect(window.add(event(1))).toBe(true);
    expect(window.add(event(1))).toBe(false);
    expect(window.size).toBe(1);
  });

  it("tells what came after a seq, no more than asked for", () => {
    const window = new EventWindow();
    for (let seq = 1; seq <= 10; seq += 1) window.add(event(seq));
    expect(seqs(window.after(7, 100))).toEqual([8, 9, 10]);
    expect(seqs(window.after(0, 2))).toEqual([9, 10]);
  });
});
