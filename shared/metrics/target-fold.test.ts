import { describe, expect, it } from "vitest";
import type { PatternMetrics } from "../contracts/metrics.ts";
import type { TraceEvent } from "../trace/event.ts";
import { createMetricsFold } from "./metrics-fold.ts";

const client = "client:127.0.0.1:5000";
const server = "replica:target";

function told(...drafts: Partial<TraceEvent>[]) {
  let nowMs = 100_000;
  const fold = createMetricsFold({ now: () => nowMs });
  const tell = (draft: Partial<TraceEvent>, seq: number): void =>
    fold.fold({
      ...{ seq, at: nowMs, doneAt: nowMs, kind: "http.request", label: "", bytes: 100 },
      ...{ from: client, to: server, pattern: "target" },
      ...draft,
    } as TraceEvent);
  drafts.forEach(tell);
  return {
    pass: (ms: number) => (nowMs += ms),
    patterns: (held: Record<string, number> = {}) => fold.snapshot({ held, limits: {} }).patterns,
  };
}

const poll = { info: { poll: true, path: "/updates" } };
const back = { kind: "http.response", from: server, to: client } as const;

describe("the target's metrics", () => {
  it("TG12 counts requests, polls, idle answers, packets and bytes", () => {
    const target = told(
      poll,
      { ...back, ...poll, outcome: "idle", bytes: 50 },
      poll,
      { ...back, ...poll, outcome: "other" },
      { info: { path: "/say" } },
      { ...back, outcome: "error" },
      { kind: "socket.open", conn: "target#1" },
      { kind: "packet", bytes: 7 },
      { kind: "frame", bytes: 5 },
    ).patterns({ target: 1 }).target;
    expect(target).toMatchObject({
      ...{ requests: 3, polls: 2, idleRequests: 1, idleBytes: 150, frames: 2, held: 1 },
      ...{ clients: 1, wireBytes: 100 + 50 + 100 + 100 + 100 + 100 + 100 + 7 + 5 },
    });
  });

  it("TG13 calls nothing delivered or lost, and leaves the patterns alone", () => {
    const patterns = told(
      poll,
      { ...back, ...poll, outcome: "messages", messageIds: ["long-polling/lobby/1"] },
      { kind: "redis.command", from: server, to: "broker", info: { command: "PUBLISH" } },
    ).patterns();
    const none: Partial<PatternMetrics> = { messages: 0, deliveries: 0, lost: 0, late: 0 };
    expect(patterns.target).toMatchObject(none);
    expect(patterns["long-polling"]).toMatchObject({ ...none, requests: 0, wireBytes: 0 });
  });

  it("TG12 there is none without a target, and one before anything has crossed", () => {
    expect(told().patterns()).not.toHaveProperty("target");
    expect(told().patterns({ target: 0 }).target).toMatchObject({ requests: 0 });
  });

  it("TG14 a client with nothing open is gone after 10 s", () => {
    const story = told({}, back);
    expect(story.patterns().target?.clients).toBe(1);
    story.pass(10_500);
    expect(story.patterns().target?.clients).toBe(0);
  });
});
