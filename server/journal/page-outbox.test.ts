import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { OUTBOX_LIMIT, PageOutbox } from "./page-outbox.ts";

const event = (seq: number): TraceEvent => ({
  seq,
  at: seq,
  doneAt: seq,
  kind: "raw",
  from: "broker",
  to: "replica:lp-1",
  label: "",
  bytes: 0,
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
const empty = { events: [], next: 0, dropped: 0 };

function takeAll(outbox: PageOutbox) {
  const seqs: number[] = [];
  for (let batch = outbox.take(); batch; batch = outbox.take()) {
    seqs.push(...batch.events.map(({ seq }) => seq));
  }
  return seqs;
}

describe("a page's outbox", () => {
  it("CT33 gives everything once, in order, and then nothing", () => {
    const outbox = new PageOutbox({ events: range(1, 3), next: 3, dropped: 4 });
    outbox.add(range(4, 5), 6);
    expect(outbox.take()).toEqual({ events: range(1, 5), next: 5, dropped: 6 });
    expect(outbox.take()).toBeUndefined();
  });

  it("CT33 keeps the newest of a slow page and counts the rest", () => {
    const outbox = new PageOutbox(empty);
    outbox.add(range(1, OUTBOX_LIMIT), 10);
    outbox.add(range(OUTBOX_LIMIT + 1, OUTBOX_LIMIT + 100), 10);
    expect(outbox.take()).toMatchObject({ dropped: 110 });
    expect(takeAll(outbox).at(-1)).toBe(OUTBOX_LIMIT + 100);
  });

  it("CT33 says where a batch ends, so that a page that reconnects misses nothing", () => {
    const outbox = new PageOutbox(empty);
    outbox.add(range(1, 4_500), 0);
    const first = outbox.take();
    expect(first?.events.at(-1)?.seq).toBe(first?.next);
    expect(takeAll(outbox)[0]).toBe((first?.next ?? 0) + 1);
  });

  it("CT33 starts over when it is cleared", () => {
    const outbox = new PageOutbox(empty);
    outbox.add(range(1, 3), 5);
    outbox.clear();
    expect(outbox.take()).toBeUndefined();
  });
});
