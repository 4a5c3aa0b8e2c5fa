import { describe, expect, it } from "vitest";
import { Story } from "./testing/story.ts";

const lp = () => new Story("long-polling");
const ws = () => new Story("web-sockets");

describe("delivery latency", () => {
  it("ME1 runs from the receipt of the POST to the forwarding of the answer, once per client", () => {
    const story = lp().poll("a", 0).poll("b", 0);
    story.post("t1").pass(3).stored("t1", 1).pass(1).answer("a", 1).pass(16).answer("b", 1);
    const { latencyMs, deliveries } = story.metrics();
    expect(deliveries).toBe(2);
    expect(latencyMs.count).toBe(2);
    expect(latencyMs.p50).toBeCloseTo(4, 1);
    expect(latencyMs.max).toBeGreaterThan(19.7);
    expect(latencyMs.max).toBeLessThan(20.3);
  });

  it("ME22 what a fault makes late is in no latency, but late; what it loses is lost", () => {
    const story = lp().poll("a", 0).accept(1).pass(1_500);
    const answer = { kind: "http.response", from: "replica:lp-1", to: "client:a" } as const;
    const messages = { outcome: "messages", info: { status: 200, poll: true } } as const;
    story.tell({ ...answer, ...messages, messageIds: [story.key(1)], perturbed: "delayed" });
    story.poll("a", 1).tell({ ...answer, outcome: "idle", perturbed: "stalled" });
    expect(story.metrics()).toMatchObject({ late: 1, perturbed: 2, latencyMs: { count: 0 } });
    story.pass(1).accept(2, 3).pass(2).poll("a", 3).pass(1_500).poll("a", 3).pass(1_500);
    expect(story.metrics()).toMatchObject({ lost: 2 });
  });

  it("ME1 counts the forwarding, not the receipt, of the packet", () => {
    const story = ws().connect("a").accept(1);
    story.tell({
      kind: "packet",
      from: "replica:ws-1",
      to: "client:a",
      at: 100_000,
      doneAt: 100_050,
      messageIds: [story.key(1)],
      info: { packet: "event", event: "message", transport: "websocket" },
    });
    expect(story.metrics().latencyMs.p50).toBeCloseTo(50, 0);
  });

  it("ME2 an answer that shows trace and id names the message where the taps did not", () => {
    const story = lp().poll("a", 0).post("t1").pass(7);
    story.tell({
      kind: "http.response",
      from: "replica:lp-1",
      to: "client:a",
      outcome: "messages",
      traceId: "t1",
      messageIds: [story.key(1)],
      info: { poll: true },
    });
    expect(story.metrics().latencyMs.p50).toBeCloseTo(7, 1);
  });

  it("ME2 a message by send-message is accepted when its INSERT is seen", () => {
    const story = ws().connect("a");
    story
      .tell({
        kind: "sql.statement",
        from: "replica:ws-1",
        to: "store",
        label: "INSERT “hi”",
        traceId: "t1",
      })
      .pass(5)
      .stored("t1", 1)
      .pass(5)
      .push("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 1, replayed: 0 });
    expect(story.metrics().latencyMs.p50).toBeCloseTo(10, 1);
  });

  it("ME2 a message whose acceptance was not seen has no latency and is owed to nobody", () => {
    const story = lp().poll("a", 40).answer("a", 41).poll("a", 43).pass(2_000).poll("a", 43);
    expect(story.metrics()).toMatchObject({ deliveries: 0, replayed: 1, lost: 0 });
    expect(story.metrics().latencyMs.count).toBe(0);
  });

  it("ME3 what was accepted before the client appeared is replayed", () => {
    const story = lp().accept(1, 2).pass(10).poll("a").answer("a", 1, 2).accept(3);
    story.poll("a", 2).answer("a", 3);
    expect(story.metrics()).toMatchObject({ replayed: 2, deliveries: 1, duplicates: 0 });
    expect(story.metrics().latencyMs.count).toBe(1);
  });

  it("ME3 a POST received before the client appeared is replayed though its id came later", () => {
    const story = ws().post("t1").pass(5).connect("a").stored("t1", 1).push("a", 1);
    expect(story.metrics()).toMatchObject({ replayed: 1, deliveries: 0 });
  });
});

describe("idle requests", () => {
  it("ME4 counts polls answered empty, with the bytes of both ways", () => {
    const story = lp().poll("a", 0).pass(10_000).answer("a").poll("a", 0).accept(1).answer("a", 1);
    expect(story.metrics()).toMatchObject({ polls: 2, idleRequests: 1, idleBytes: 200 });
  });

  it("ME4 divides by the time clients were there", () => {
    const story = lp();
    for (let round = 0; round < 6; round++) {
      story.poll("a", 0).poll("b", 0).pass(10_000).answer("a").answer("b");
    }
    expect(story.metrics().window.idlePerClientMinute).toBeCloseTo(6, 0);
  });
});

describe("counts and rates", () => {
  it("ME15 counts requests, messages, bytes once, and the payload that was delivered", () => {
    const story = ws().connect("a");
    story.post("t1", "grüß dich").stored("t1", 1).push("a", 1);
    story.tell({
      kind: "http.response",
      from: "replica:ws-1",
      to: "client:visitor",
      outcome: "created",
    });
    story.tell({
      kind: "packet",
      from: "replica:ws-1",
      to: "client:b",
      info: { packet: "event", event: "message", transport: "polling" },
    });
    const { requests, messages, frames, wireBytes, payloadBytes } = story.metrics();
    expect({ requests, messages, frames }).toEqual({ requests: 1, messages: 1, frames: 3 });
    expect(wireBytes).toBe(500);
    expect(payloadBytes).toBe(11);
  });

  it("ME16 a client that left, or was quiet for long, is not there; who only posts never is", () => {
    const story = lp().poll("a", 0).poll("b", 0).post("t1", "hi", "c");
    expect(story.metrics().clients).toBe(2);
    story.close("a", "client");
    expect(story.metrics().clients).toBe(1);
    story.answer("b").pass(71_000);
    expect(story.metrics().clients).toBe(0);
  });

  it("ME17 rates look back five seconds, and fall to nothing", () => {
    const story = lp();
    for (let count = 0; count < 50; count++) story.pass(100).poll("a", 0).answer("a");
    expect(story.metrics().window.requestsPerSecond).toBeCloseTo(10, 0);
    expect(story.pass(7_000).metrics().window.requestsPerSecond).toBe(0);
  });

  it("ME17 latency leaves the window after a minute, and stays since reset", () => {
    const story = lp().poll("a", 0).accept(1).pass(5).answer("a", 1);
    expect(story.metrics().window.latencyMs.count).toBe(1);
    story.pass(61_000);
    expect(story.metrics().window.latencyMs.count).toBe(0);
    expect(story.metrics().latencyMs.count).toBe(1);
  });

  it("ME18 a reset clears counts; who waits is owed what comes from then on", () => {
    const story = lp().poll("a", 0).accept(1).answer("a", 1).poll("a", 1).poll("b", 0);
    story.fold.reset();
    expect(story.metrics()).toMatchObject({ requests: 0, deliveries: 0, clients: 2 });
    story.pass(10).accept(2).answer("a", 2).answer("b", 1, 2);
    expect(story.metrics()).toMatchObject({ deliveries: 2, replayed: 1, duplicates: 0, lost: 0 });
  });

  it("ME23 says from when it counts: from its start, then from the last reset", () => {
    const story = lp();
    const since = () => story.fold.snapshot({ held: {}, limits: {} }).since;
    expect(since()).toEqual({ at: expect.any(Number), why: "start" });
    const { at } = since();
    story.pass(1_000).fold.reset();
    expect(since()).toEqual({ at: at + 1_000, why: "reset" });
  });

  it("ME19 says how full its structures are, and counts rates by replica and at the taps", () => {
    const story = lp().poll("a", 0).post("t1");
    story.tell({
      kind: "redis.command",
      from: "replica:lp-1",
      to: "broker",
      info: { command: "PUBLISH" },
    });
    const all = story.fold.snapshot({ held: { "lp-1": 3, "ws-1": 2 }, limits: {} });
    expect(all.patterns["long-polling"].held).toBe(3);
    expect(all.replicas["lp-1"]).toMatchObject({ held: 3, requestsPerSecond: 2 });
    expect(all.publishesPerSecond).toBe(1);
    expect(all.limits["long-polling clients followed"]?.used).toBe(1);
    expect(all.limits["long-polling open traces"]?.used).toBe(1);
  });

  it("ME19 forgets the oldest of 20,000 open traces: that message counts as not seen", () => {
    const story = lp().poll("a", 0);
    for (let n = 0; n <= 20_000; n++) story.post(`t${n}`);
    const { limits } = story.fold.snapshot({ held: {}, limits: {} });
    expect(limits["long-polling open traces"]).toEqual({ used: 20_000, limit: 20_000 });
    story.stored("t0", 1).stored("t1", 2).answer("a", 1, 2);
    expect(story.metrics()).toMatchObject({ deliveries: 1, latencyMs: { count: 1 } });
  });
});
