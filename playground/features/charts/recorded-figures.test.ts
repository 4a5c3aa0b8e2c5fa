import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { figuresOf } from "./recorded-figures.ts";

type Draft = Partial<TraceEvent> & Pick<TraceEvent, "kind" | "from" | "to">;

/** Far more than figures take, far less than a hang. */
const SOON_MS = 2_000;

function figuresOfEvents(drafts: readonly Draft[]) {
  const events = drafts.map((draft, index): TraceEvent => {
    const at = draft.at ?? index;
    return {
      seq: index + 1,
      at,
      doneAt: at,
      label: "",
      bytes: 1,
      pattern: "web-sockets",
      ...draft,
    };
  });
  const startMs = performance.now();
  const figures = figuresOf({ events, markers: [] } as unknown as Parameters<typeof figuresOf>[0]);
  expect(performance.now() - startMs).toBeLessThan(SOON_MS);
  return figures;
}

describe("figures of a hostile recording", () => {
  it("RC2 times far apart, in no order, make a bounded number of points", () => {
    const times = [0, 3e14, 1];
    const { history } = figuresOfEvents(
      times.map((at) => ({ kind: "raw", from: "broker", to: "replica:ws-1", at })),
    );
    expect(history.length).toBeLessThan(400);
  });

  it("RC2 a message of an enormous id is counted in bounded time", () => {
    const key = "web-sockets/lobby/900000000000000" as const;
    const replica = "replica:ws-1";
    const { latest } = figuresOfEvents([
      {
        kind: "socket.open",
        from: "client:a",
        to: replica,
        conn: "1",
        info: { path: "/socket.io" },
      },
      {
        kind: "http.request",
        from: "client:b",
        to: replica,
        traceId: "t",
        info: { method: "POST" },
      },
      { kind: "sql.result", from: "store", to: replica, traceId: "t", messageIds: [key] },
      { kind: "packet", from: replica, to: "client:a", conn: "1", label: "CONNECTED" },
      { kind: "packet", from: replica, to: "client:a", conn: "1", messageIds: [key] },
      { kind: "raw", from: "broker", to: replica, at: 60_000 },
    ]);
    expect(latest?.patterns["web-sockets"].deliveries).toBe(1);
  });

  it("RC2 so is an enormous id in an answer to a poll", () => {
    const replica = "replica:lp-1";
    const pattern = "long-polling";
    const poll = { poll: true, after: 0, method: "GET" };
    const messageIds = ["long-polling/lobby/9007199254740000" as const];
    const { latest } = figuresOfEvents([
      { kind: "http.request", pattern, from: "client:a", to: replica, info: poll },
      {
        kind: "http.response",
        pattern,
        from: replica,
        to: "client:a",
        outcome: "messages",
        messageIds,
        info: { poll: true },
      },
      {
        kind: "http.request",
        pattern,
        from: "client:a",
        to: replica,
        info: { ...poll, after: 9 },
        at: 9_000,
      },
      {
        kind: "http.request",
        pattern,
        from: "client:a",
        to: replica,
        info: { ...poll, after: 9 },
        at: 19_000,
      },
    ]);
    expect(latest?.patterns["long-polling"].replayed).toBe(1);
  });
});
