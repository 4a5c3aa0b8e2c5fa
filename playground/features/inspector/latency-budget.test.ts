import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { budgetOf } from "./latency-budget.ts";

const CLIENT = "client:lp-client-1";
const REPLICA = "replica:lp-1";
const ID = "long-polling/lobby/7";

type Hop = Pick<TraceEvent, "seq" | "at" | "kind"> & Partial<TraceEvent>;

function hop(given: Hop): TraceEvent {
  return {
    doneAt: given.at + 1,
    from: CLIENT,
    to: REPLICA,
    label: given.kind,
    bytes: 100,
    pattern: "long-polling",
    ...given,
  };
}

const poll = (seq: number, at: number) => hop({ seq, at, kind: "http.request" });
const answer = (seq: number, at: number, causes: number[], to: TraceEvent["to"]) =>
  hop({
    seq,
    at,
    causes,
    kind: "http.response",
    from: REPLICA,
    to,
    messageIds: [ID],
    outcome: "messages",
  });

const POST = hop({
  seq: 10,
  at: 100,
  kind: "http.request",
  info: { method: "POST", text: "lunch?" },
});
const INSERT = hop({ seq: 11, at: 102, kind: "sql.statement", to: "store", causes: [10] });
const STORED = hop({
  seq: 12,
  at: 105,
  kind: "sql.result",
  from: "store",
  causes: [11],
  messageIds: [ID],
});
const PUBLISH = hop({
  seq: 13,
  at: 106,
  kind: "redis.command",
  to: "broker",
  info: { command: "publish" },
});
const REPLY = hop({ seq: 14, at: 108, kind: "redis.reply", from: "broker", causes: [13] });
const PUSH = hop({ seq: 15, at: 107, kind: "redis.push", from: "broker", causes: [13] });
const PARKED = poll(1, 20);
const TOLD = answer(16, 110, [1, 15], "client:lp-client-2");

function budget(story: readonly TraceEvent[], others: readonly TraceEvent[] = [PARKED]) {
  const all = new Map([...others, ...story].map((event) => [event.seq, event]));
  return budgetOf(story, (seq) => all.get(seq));
}

describe("latency budget", () => {
  it("IN1 gives each step that was seen a bar, on one scale from the receipt of the POST", () => {
    expect(budget([POST, INSERT, STORED, PUBLISH, REPLY, PUSH, TOLD])).toEqual({
      sent: POST,
      messageId: "7",
      bars: [
        { name: "POST", tone: "pattern", fromMs: 0, toMs: 2 },
        { name: "INSERT", tone: "store", fromMs: 2, toMs: 6 },
        { name: "PUBLISH", tone: "broker", fromMs: 6, toMs: 9 },
        { name: "broker → replicas", tone: "broker", fromMs: 7, toMs: 8 },
        { name: "release 1 poll", tone: "pattern", fromMs: 10, toMs: 11 },
      ],
      totalMs: 11,
      deliveries: 1,
      later: 0,
    });
  });

  it("IN1 has no bar for a step that was not seen", () => {
    expect(budget([POST, TOLD])?.bars.map(({ name }) => name)).toEqual(["POST", "release 1 poll"]);
  });

  it("IN2 leaves out the wait of a client that asked only after the message was sent", () => {
    const late = [poll(20, 5_000)];
    const found = answer(21, 5_001, [20, 12], "client:lp-client-3");
    const told = budget([POST, INSERT, STORED, TOLD, found], [PARKED, ...late]);
    expect(told).toMatchObject({ totalMs: 11, deliveries: 1, later: 1 });
  });

  it("IN2 leaves out what a new connection is given", () => {
    const sent = { ...POST, pattern: "web-sockets" } as const;
    const packet = (seq: number, at: number, event: string, to: TraceEvent["to"]) =>
      hop({ seq, at, to, kind: "packet", from: REPLICA, info: { event }, messageIds: [ID] });
    const now = packet(20, 110, "message", "client:ws-client-1");
    const anew = packet(21, 900, "messages", "client:ws-client-2");
    expect(budget([sent, now, anew])).toMatchObject({ totalMs: 11, deliveries: 1, later: 1 });
    expect(budget([sent, now, anew])?.bars.at(-1)?.name).toBe("deliver to 1");
  });

  it("IN3 has nothing to tell of a story whose sending was not seen", () => {
    expect(budget([INSERT, STORED, TOLD])).toBeNull();
  });

  it("IN3 does not count the sender's own 201 as a delivery", () => {
    const created = hop({ ...TOLD, seq: 22, at: 400, outcome: "created" });
    expect(budget([POST, TOLD, created])).toMatchObject({ totalMs: 11, deliveries: 1 });
  });
});
