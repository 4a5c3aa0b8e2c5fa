import { describe, expect, it } from "vitest";
import { messageKey, type Pattern } from "../contracts/ids.ts";
import type { TraceEvent } from "../trace/event.ts";
import { SampleTraffic } from "../trace/testing/sample-traffic.ts";
import { CONFORMANCE, type Conformance } from "./conformance.ts";

const POLL_TIMEOUT_MS = 10_000;

function traffic(): SampleTraffic {
  const sample = new SampleTraffic(50_000);
  for (const name of ["a", "b"]) {
    sample.poll(name);
    sample.connect(name);
  }
  return sample;
}

function check(pattern: Pattern, events: readonly TraceEvent[]): Conformance {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  return CONFORMANCE[pattern](events, {
    causeOf: (seq) => bySeq.get(seq),
    pollTimeoutMs: POLL_TIMEOUT_MS,
  });
}

describe("conformance to the reference", () => {
  it.each<Pattern>(["long-polling", "web-sockets"])(
    "VD7 %s: traffic as the reference draws it is followed without a finding",
    (pattern) => {
      const sample = traffic();
      sample.send(pattern, "a", "one");
      sample.nowMs += POLL_TIMEOUT_MS;
      sample.expire("a");
      sample.poll("a");
      sample.send(pattern, "b", "two");
      const { followed, findings } = check(pattern, sample.events);
      expect(findings).toEqual([]);
      expect(followed).toBeGreaterThanOrEqual(2);
    },
  );

  it("VD8 an answer after the timeout branch is allowed; an empty one before its time is said", () => {
    const sample = traffic();
    sample.nowMs += POLL_TIMEOUT_MS + 4_000;
    sample.expire("a");
    sample.nowMs -= 10_000;
    sample.expire("b");
    expect(check("long-polling", sample.events).findings).toEqual([
      {
        seq: sample.made,
        weight: "beyond",
        words: expect.stringContaining("before the poll timeout"),
      },
    ]);
  });

  it("VD8 an answer that waited needs news: a push, or the INSERT of the replica's own POST", () => {
    const released = (cause: Parameters<SampleTraffic["add"]>[0]) => {
      const sample = traffic();
      sample.nowMs += 5_000;
      const seq = sample.add(cause);
      const [poll] = sample.events;
      sample.add({
        kind: "http.response",
        pattern: "long-polling",
        from: "replica:lp-1",
        to: "client:a",
        label: "200 [41]",
        outcome: "messages",
        messageIds: ["long-polling/lobby/41"],
        causes: [poll?.seq ?? 0, seq],
        info: { status: 200, poll: true },
      });
      return check("long-polling", sample.events).findings;
    };
    const store = { pattern: "long-polling", from: "store", to: "replica:lp-1" } as const;
    expect(released({ ...store, kind: "sql.result", label: "id 41" })).toEqual([]);
    expect(released({ ...store, kind: "redis.push", from: "broker", label: "push 41" })).toEqual(
      [],
    );
    expect(released({ ...store, kind: "sql.result", label: "1 row" })).toMatchObject([
      { weight: "beyond", words: expect.stringContaining("read the store") },
    ]);
  });

  it.each<[string, number[], string]>([
    ["what the client has", [40], "already"],
    ["not what comes next", [42], "skipped"],
    ["an older after a newer", [42, 41], "out of order"],
  ])("VD9 an answer with %s breaks the pattern", (_what, ids, words) => {
    const sample = traffic();
    const seq = sample.add({
      kind: "http.response",
      pattern: "long-polling",
      from: "replica:lp-1",
      to: "client:a",
      label: "200",
      outcome: "messages",
      messageIds: ids.map((id) => messageKey("long-polling", "lobby", id)),
      info: { status: 200, poll: true },
    });
    expect(check("long-polling", sample.events).findings).toEqual([
      { seq, weight: "breaks", words: expect.stringContaining(words) },
    ]);
  });

  it("VD9 a client asks one poll at a time, unless it gave the last one up", () => {
    const sample = traffic();
    sample.poll("a");
    expect(check("long-polling", sample.events).findings).toMatchObject([
      { seq: sample.made, weight: "breaks" },
    ]);
    const other = traffic();
    other.add({
      kind: "socket.close",
      pattern: "long-polling",
      from: "client:a",
      to: "replica:lp-1",
      label: "closed",
      info: { closedBy: "client" },
    });
    other.poll("a");
    expect(check("long-polling", other.events).findings).toEqual([]);
  });

  it("VD9 a message may not come before the server says that the client is connected", () => {
    const sample = traffic();
    const early = sample.made;
    const welcome = { kind: "packet", label: "CONNECTED", info: { packet: "connect" } } as const;
    sample.add({ ...welcome, pattern: "web-sockets", from: "replica:ws-1", to: "client:b" });
    expect(check("web-sockets", sample.events).findings).toEqual([
      { seq: early, weight: "breaks", words: expect.stringContaining("before its server") },
    ]);
  });

  it("VD9 a message twice on one connection breaks the pattern; over two connections it does not", () => {
    const sample = traffic();
    sample.send("web-sockets", "a", "once");
    const given = sample.events.find(
      ({ to, messageIds }) => to === "client:b" && messageIds?.[0] === "web-sockets/lobby/41",
    );
    if (given === undefined) return expect.fail("b was given nothing");
    const again = { ...given, seq: sample.made + 1 };
    expect(check("web-sockets", [...sample.events, again]).findings).toMatchObject([
      { seq: again.seq, weight: "breaks" },
    ]);
    const before = sample.made;
    sample.connect("b");
    expect(sample.made).toBeGreaterThan(before);
    const later = { ...given, seq: sample.made + 1 };
    expect(check("web-sockets", [...sample.events, later]).findings).toEqual([]);
  });
});
