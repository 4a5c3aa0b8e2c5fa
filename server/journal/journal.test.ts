import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { Journal } from "./journal.ts";

function event(seq: number, setup = false): TraceEvent {
  return {
    seq,
    at: seq,
    doneAt: seq,
    kind: "http.request",
    from: setup ? "replica:lp-1" : "client:a",
    to: setup ? "broker" : "replica:lp-1",
    label: `event ${seq}`,
    bytes: 1,
    ...(setup && { info: { setup } }),
  };
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
const seqsOf = ({ events }: { events: TraceEvent[] }) => events.map(({ seq }) => seq);

describe("journal", () => {
  it("CT18 reads in order after a seq, at most so many, and says where to go on", () => {
    const journal = new Journal(10);
    journal.append(range(1, 5), 0);
    const first = journal.read(0, 2);
    expect(seqsOf(first)).toEqual([1, 2]);
    expect(seqsOf(journal.read(first.next, 10))).toEqual([3, 4, 5]);
    expect(journal.read(5, 10)).toEqual({ events: [], next: 5, dropped: 0 });
  });

  it("CT18 keeps the newest and counts what went, and what the wire did not send", () => {
    const journal = new Journal(3);
    journal.append(range(1, 5), 7);
    expect(journal.read(0, 10)).toMatchObject({ next: 5, dropped: 9 });
    expect(seqsOf(journal.read(0, 10))).toEqual([3, 4, 5]);
    expect(seqsOf(journal.read(3, 10))).toEqual([4, 5]);
  });

  it("CT18 finds events where numbers are missing", () => {
    const journal = new Journal(10);
    journal.append([event(2), event(5), event(9)], 0);
    expect(seqsOf(journal.read(3, 10))).toEqual([5, 9]);
    expect(journal.find(5)?.label).toBe("event 5");
    expect(journal.find(6)).toBeUndefined();
  });

  it("CT32 a page that opens late still gets the set-up hops, once and in order", () => {
    const journal = new Journal(4);
    journal.append([event(1, true), event(2), event(3, true), ...range(4, 8), event(9, true)], 0);
    expect(seqsOf(journal.opening(2))).toEqual([1, 3, 8, 9]);
    expect(seqsOf(journal.opening(2, 8))).toEqual([9]);
    expect(journal.find(1)?.label).toBe("event 1");
  });

  it("CT32 clients' set-up is not kept apart: thousands that come and go must not push it out", () => {
    const journal = new Journal(2);
    const joining = { ...event(2), info: { setup: true } };
    journal.append([event(1, true), joining, event(3), event(4)], 0);
    expect(seqsOf(journal.opening(2))).toEqual([1, 3, 4]);
  });

  it("CT21 forgets all when cleared; numbers go on", () => {
    const journal = new Journal(3);
    journal.append(range(1, 5), 2);
    journal.mark({ at: 1, text: "done", tone: "info" });
    journal.clear();
    expect(journal.read(0, 10)).toEqual({ events: [], next: 5, dropped: 0 });
    expect(journal.markers).toEqual([]);
    journal.append(range(6, 6), 0);
    expect(seqsOf(journal.read(0, 10))).toEqual([6]);
  });
});
