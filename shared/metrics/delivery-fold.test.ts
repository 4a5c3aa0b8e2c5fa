import { describe, expect, it } from "vitest";
import { Story } from "./testing/story.ts";

const lp = () => new Story("long-polling");
const ws = () => new Story("web-sockets");

describe("the ledger of long polling", () => {
  it("ME5 a second time is a duplicate, also of a replay", () => {
    const story = lp().accept(1).pass(1).poll("a").answer("a", 1).accept(2);
    for (let again = 0; again < 3; again++) story.poll("a").answer("a", 1, 2);
    expect(story.metrics()).toMatchObject({ replayed: 1, deliveries: 1, duplicates: 5 });
  });

  it("ME6 a delivery over a second is late", () => {
    const story = lp().poll("a", 0).accept(1).pass(999).answer("a", 1);
    expect(story.metrics().late).toBe(0);
    story.accept(2).pass(1_001).poll("a", 1).answer("a", 2);
    expect(story.metrics().late).toBe(1);
  });

  it("ME7 a lower id after a higher one is out of order", () => {
    const story = lp().poll("a", 0).accept(1, 2, 3).answer("a", 1, 3).poll("a", 1).answer("a", 2);
    expect(story.metrics()).toMatchObject({ deliveries: 3, outOfOrder: 1, lost: 0 });
  });

  it("ME8 a cursor that moved past a message that never came has lost it", () => {
    const story = lp().poll("a", 0).accept(1, 2, 3).answer("a", 1, 3).poll("a", 3);
    expect(story.metrics().lost).toBe(0);
    expect(story.pass(1_000).metrics().lost).toBe(1);
    expect(story.pass(60_000).metrics().lost).toBe(1);
  });

  it("ME8 what did not come yet is not lost while the cursor stays below it", () => {
    const story = lp().poll("a", 0).accept(1).pass(60_000).answer("a").poll("a", 0);
    expect(story.metrics().lost).toBe(0);
    expect(story.answer("a", 1).metrics()).toMatchObject({ deliveries: 1, late: 1 });
  });

  it("ME8 a refused cursor claims nothing", () => {
    const story = lp().poll("a", 0).accept(1, 2).poll("a", 2);
    story.tell({
      kind: "http.response",
      from: "replica:lp-1",
      to: "client:a",
      outcome: "error",
      info: { status: 409, poll: true },
    });
    expect(story.pass(5_000).metrics().lost).toBe(0);
  });

  it("ME8 a client without a cursor loses nothing", () => {
    const story = lp().poll("a").accept(1, 2).answer("a", 2).poll("a").pass(60_000);
    expect(story.metrics().lost).toBe(0);
  });

  it("ME10 a lost message that still comes is late instead", () => {
    const story = lp().poll("a", 0).accept(1, 2).answer("a", 2).poll("a", 2).pass(1_000);
    expect(story.metrics().lost).toBe(1);
    story.answer("a", 1);
    expect(story.metrics()).toMatchObject({ lost: 0, late: 1, deliveries: 2, duplicates: 0 });
  });

  it("ME11 strangers are counted, not judged", () => {
    const story = lp().poll("127.0.0.1:4242", 0).accept(1, 2);
    story.answer("127.0.0.1:4242", 2).poll("127.0.0.1:4242", 2).pass(2_000);
    story.answer("127.0.0.1:4242", 2);
    const { deliveries, lost, duplicates, late } = story.metrics();
    expect({ deliveries, lost, duplicates, late }).toEqual({
      deliveries: 1,
      lost: 0,
      duplicates: 0,
      late: 0,
    });
  });

  it("ME12 what could not be read is believed to have come", () => {
    const story = lp().poll("a", 0).accept(1, 2, 3);
    story.tell({
      kind: "http.response",
      from: "replica:lp-1",
      to: "client:a",
      outcome: "messages",
      info: { poll: true },
    });
    story.poll("a", 3).pass(5_000).poll("a", 3);
    expect(story.metrics().lost).toBe(0);
  });

  it("ME13 a client that left and starts without a cursor begins anew", () => {
    const story = lp().poll("a").accept(1).answer("a", 1).poll("a", 1).close("a", "client");
    story.pass(50).poll("a").answer("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 1, replayed: 1, duplicates: 0 });
  });

  it("ME13 a client that gave up a poll and goes on with its cursor is still owed", () => {
    const story = lp().poll("a", 0).accept(1).pass(35_000).close("a", "client").poll("a", 0);
    expect(story.answer("a", 1).metrics()).toMatchObject({ deliveries: 1, late: 1, replayed: 0 });
  });

  it("ME14 an id given out a second time means that the room was emptied", () => {
    const story = lp().poll("a", 0).accept(1, 2).answer("a", 1, 2).poll("a", 2);
    story.pass(10).accept(1).answer("a", 1).poll("a", 1).pass(2_000);
    expect(story.metrics()).toMatchObject({ deliveries: 3, duplicates: 0, outOfOrder: 0, lost: 0 });
  });

  it("ME14 a room emptied after a reset is known by an id that had been given out before", () => {
    const story = lp().poll("a", 0).accept(1, 2).answer("a", 1, 2).poll("a", 2);
    story.fold.reset();
    story.pass(10).accept(1).answer("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 1, duplicates: 0, replayed: 0 });
  });

  it("ME19 a client far behind is served in pages and loses nothing", () => {
    const story = lp().poll("a", 0);
    const ids = Array.from({ length: 5_000 }, (_, at) => at + 1);
    story.accept(...ids);
    for (let from = 0; from < ids.length; from += 1_000) {
      story.answer("a", ...ids.slice(from, from + 1_000)).poll("a", from + 1_000);
    }
    expect(story.pass(2_000).metrics()).toMatchObject({ deliveries: 5_000, lost: 0, replayed: 0 });
  });
});

describe("the ledger of web sockets", () => {
  it("ME5 a message pushed and caught up is a duplicate", () => {
    const story = ws().connect("a").accept(1).push("a", 1).push("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 1, duplicates: 1 });
  });

  it("ME5 what was under way at a reset and comes after all is no duplicate", () => {
    const story = ws().connect("a").pass(10_000).accept(1).post("t2");
    story.fold.reset();
    story.push("a", 1).stored("t2", 2).accept(3).pass(2_000);
    expect(story.metrics()).toMatchObject({ lost: 0, replayed: 1 });
    story.push("a", 2).push("a", 3);
    expect(story.metrics()).toMatchObject({ duplicates: 0, replayed: 2, deliveries: 1 });
    expect(story.push("a", 2).push("a", 3).metrics().duplicates).toBe(2);
  });

  it("ME5 what was passed over in a gap and was not owed is no duplicate when it comes", () => {
    const story = ws().connect("a").accept(1, 3).push("a", 1).push("a", 3).pass(6_000);
    expect(story.metrics()).toMatchObject({ lost: 0 });
    expect(story.push("a", 2).metrics()).toMatchObject({ duplicates: 0, replayed: 1 });
  });

  it("ME7 two that were sent at the same time may arrive swapped", () => {
    const story = ws().connect("a").accept(1).pass(900).accept(2).push("a", 2).push("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 2, outOfOrder: 0 });
  });

  it("ME7 one that was sent over a second earlier may not come after", () => {
    const story = ws().connect("a").accept(1).pass(1_100).accept(2).push("a", 2).push("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 2, outOfOrder: 1 });
  });

  it("ME9 a gap that stays open for five seconds is a loss", () => {
    const story = ws().connect("a").accept(1, 2, 3).push("a", 1).push("a", 3);
    expect(story.pass(4_900).metrics().lost).toBe(0);
    expect(story.pass(200).metrics().lost).toBe(1);
  });

  it("ME9 what was said while it was cut off is lost when nothing brings it", () => {
    const story = ws().connect("a").accept(1).push("a", 1).close("a", "server").accept(2, 3);
    expect(story.pass(30_000).metrics().lost).toBe(0);
    story.connect("a", "conn-2");
    expect(story.pass(4_900).metrics().lost).toBe(0);
    expect(story.pass(200).metrics().lost).toBe(2);
  });

  it("ME9 what a catch-up brings is late, not lost", () => {
    const story = ws().connect("a").accept(1).push("a", 1).close("a", "server").accept(2, 3);
    story.pass(3_000).connect("a", "conn-2").push("a", 2, 3).pass(20_000);
    expect(story.metrics()).toMatchObject({ deliveries: 3, late: 2, lost: 0 });
  });

  it("ME9 nothing is lost at a replica that stands still", () => {
    const story = ws().connect("a").accept(1, 2).pass(120_000);
    expect(story.metrics().lost).toBe(0);
    expect(story.push("a", 1).push("a", 2).metrics()).toMatchObject({ late: 2, lost: 0 });
  });

  it("ME9 the close of an older socket says nothing about the present one", () => {
    const story = ws().connect("a", "old").connect("a", "new").close("a", "client", "old");
    expect(story.metrics().clients).toBe(1);
  });

  it("ME10 a lost message that still comes is late instead", () => {
    const story = ws().connect("a").accept(1, 2).push("a", 2).pass(5_100);
    expect(story.metrics().lost).toBe(1);
    expect(story.push("a", 1).metrics()).toMatchObject({ lost: 0, late: 1, duplicates: 0 });
  });

  it("ME13 a client that left by itself and is given the history again begins anew", () => {
    const story = ws().connect("a").accept(1, 2).push("a", 1).push("a", 2).close("a", "client");
    story.pass(100).connect("a", "conn-2").push("a", 1, 2);
    expect(story.metrics()).toMatchObject({ deliveries: 2, replayed: 2, duplicates: 0 });
  });

  it("ME13 a client that left with nothing and comes back is a newcomer: history is replayed", () => {
    const story = ws().connect("a").close("a", "client").accept(1).pass(17_000);
    story.connect("a", "conn-2").push("a", 1);
    expect(story.metrics()).toMatchObject({ deliveries: 0, replayed: 1, late: 0 });
  });

  it("ME2 a delivery that crosses before its INSERT's result is a delivery all the same", () => {
    const story = lp().poll("a", 0).post("t1").post("t2").answer("a", 1, 2);
    expect(story.metrics()).toMatchObject({ deliveries: 0, replayed: 2 });
    story.stored("t1", 1).stored("t2", 2);
    expect(story.metrics()).toMatchObject({ deliveries: 2, replayed: 0, lost: 0, late: 0 });
    expect(story.metrics().latencyMs.count).toBe(2);
  });
});
