import { expect, it } from "vitest";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { lookOf } from "./hop-look.ts";

function look(more: Partial<TraceEvent>) {
  const event: TraceEvent = {
    seq: 1,
    at: 1,
    doneAt: 1,
    kind: "http.response",
    from: "replica:lp-1",
    to: "client:lp-client-1",
    label: "200 [1]",
    bytes: 200,
    pattern: "long-polling",
    ...more,
  };
  return lookOf({ event, count: 1, noise: null } as unknown as HopRow);
}

it("SD10 a lost hop is red and ends in a cross", () => {
  expect(look({ outcome: "messages", info: { lost: true } })).toMatchObject({
    hue: "bad",
    end: "cross",
  });
});

it("SD10 a refused hop is red and reaches its receiver; a library's optional command is no failure", () => {
  expect(look({ outcome: "error" })).toMatchObject({ hue: "bad", end: "arrow" });
  expect(look({ outcome: "error", info: { setup: true } }).hue).not.toBe("bad");
  expect(look({ outcome: "idle" })).toMatchObject({ hue: "pattern", hollow: true });
});
