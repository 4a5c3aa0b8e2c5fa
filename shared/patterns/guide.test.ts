import { describe, expect, it } from "vitest";
import { PATTERNS, type Pattern } from "../contracts/ids.ts";
import type { TraceEvent } from "../trace/event.ts";
import { PATTERN_GUIDES, plainLabel, plainWords, stepOf } from "./guide.ts";

function hop(pattern: Pattern, more: Partial<TraceEvent>): TraceEvent {
  const base = { seq: 9, at: 0, doneAt: 0, label: "", bytes: 10, pattern };
  return { ...base, kind: "raw", from: "broker", to: "store", ...more };
}

const lp = (more: Partial<TraceEvent>) => hop("long-polling", more);
const ws = (more: Partial<TraceEvent>) => hop("web-sockets", more);

describe("reference diagrams", () => {
  it.each(PATTERNS)("FL25 the steps of %s stand in its text, in their order", (pattern) => {
    const { mermaid, steps } = PATTERN_GUIDES[pattern].reference;
    const lines = mermaid.split("\n").map((line) => line.trim());
    const arrows = lines.filter((line) => line.includes(">>"));
    const notes = lines.filter((line) => line.startsWith("Note "));
    const drawn = (kind: string) => steps.filter((step) => step.kind === kind);
    expect(drawn("arrow").map(({ index }) => index)).toEqual(arrows.map((_, at) => at));
    expect(drawn("note").map(({ index }) => index)).toEqual(notes.map((_, at) => at));
    for (const step of drawn("arrow")) {
      expect(arrows[step.index]).toMatch(
        new RegExp(`^${step.from}-+>>${step.to}: ${literally(step.words)}$`),
      );
    }
    for (const step of drawn("note")) expect(notes[step.index]).toContain(step.words);
  });

  it("FL25 every hop of a long-polled message is its step", () => {
    const push = lp({ seq: 3, kind: "redis.push", from: "broker", to: "replica:lp-1" });
    const find = (seq: number) => (seq === 3 ? push : undefined);
    const poll = lp({ kind: "http.request", info: { poll: true } });
    const answer = { kind: "http.response", outcome: "messages" } as const;
    expect(stepOf(lp({ kind: "redis.command", info: { command: "PSUBSCRIBE" } }))).toBe(
      "subscribe",
    );
    expect(stepOf(poll)).toBe("request");
    expect(stepOf(lp({ kind: "redis.command", info: { command: "PUBLISH" } }))).toBe("publish");
    expect(stepOf(push)).toBe("notify");
    expect(stepOf(lp({ ...answer, causes: [1, 3] }), find)).toBe("respond-on-notify");
    expect(stepOf(lp({ ...answer, causes: [1] }), find)).toBe("respond-at-once");
    expect(stepOf(lp({ kind: "http.response", outcome: "idle" }))).toBe("respond-empty");
    expect(stepOf(lp({ kind: "http.request", info: { method: "POST" } }))).toBeUndefined();
    expect(stepOf(lp({ kind: "sql.statement" }))).toBeUndefined();
  });

  it("FL25 every hop of a pushed message is its step, and the adapter's own talk is none", () => {
    const messageIds = ["web-sockets/lobby/4" as const];
    const toClient = { kind: "packet", from: "replica:ws-1", to: "client:a" } as const;
    expect(stepOf(ws({ kind: "socket.open", from: "client:a" }))).toBe("connect");
    expect(stepOf(ws({ kind: "redis.command", info: { command: "PUBLISH" }, messageIds }))).toBe(
      "publish",
    );
    expect(stepOf(ws({ kind: "redis.command", info: { command: "PUBLISH" } }))).toBeUndefined();
    expect(stepOf(ws({ kind: "redis.push", messageIds }))).toBe("notify");
    expect(stepOf(ws({ ...toClient, messageIds }))).toBe("deliver");
    expect(stepOf(ws({ ...toClient, messageIds, info: { packet: "ack" } }))).toBeUndefined();
    expect(stepOf(ws({ ...toClient, info: { packet: "ping" } }))).toBeUndefined();
  });
});

describe("plain words", () => {
  it("FL26 say an idle answer with the time it waited", () => {
    const idle = lp({
      kind: "http.response",
      from: "replica:lp-2",
      to: "client:lp-client-2",
      outcome: "idle",
    });
    expect(plainWords(idle, 25_000)).toBe(
      "Nothing was said for 25 s, so replica lp-2 answered client 2 with no messages.",
    );
    expect(plainWords(idle)).toContain("until the poll timeout");
  });

  it("FL26 say who, to whom, and what", () => {
    const poll = lp({
      kind: "http.request",
      from: "client:127.0.0.1:40000",
      to: "replica:lp-1",
      info: { poll: true, after: 41 },
    });
    expect(plainLabel(poll)).toBe("Request new messages");
    expect(plainWords(poll)).toBe(
      "A stranger (127.0.0.1:40000) asks replica lp-1 for what came after message 41, and is ready to wait.",
    );
    const messageIds = ["web-sockets/lobby/4" as const, "web-sockets/lobby/6" as const];
    const push = ws({ kind: "packet", from: "replica:ws-1", to: "client:tab-ab12", messageIds });
    expect(plainWords(push)).toBe(
      "Replica ws-1 passes messages 4 and 6 to browser tab ab12 at once: nobody had to ask.",
    );
  });

  it.each(PATTERNS)("FL26 every kind of hop of %s has words", (pattern) => {
    const kinds = [
      "http.request",
      "http.response",
      "socket.open",
      "socket.close",
      "packet",
    ] as const;
    const taps = [
      "redis.command",
      "redis.reply",
      "redis.push",
      "sql.statement",
      "sql.result",
    ] as const;
    for (const kind of [...kinds, ...taps, "frame", "raw"] as const) {
      const event = hop(pattern, { kind, label: "as seen" });
      expect(plainWords(event)).toMatch(/^[A-Z\d].{8,}\.$/);
      expect(plainLabel(event)).not.toBe("");
    }
  });
});

function literally(words: string): string {
  return words.replace(/[()]/g, "\\$&");
}
