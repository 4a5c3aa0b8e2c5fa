import { describe, expect, it } from "vitest";
import { chat, createHandClock } from "../testing/hand-clock.ts";
import { type HttpReply, startLongPollingClient } from "./client.ts";

/** A client whose polls are answered by hand. */
function start(settings = {}) {
  const clock = createHandClock();
  const polls: { path: string; timeoutMs: number; cancelled: boolean }[] = [];
  let done: ((reply: HttpReply) => void) | undefined;
  const client = startLongPollingClient({
    id: "lp-client-1",
    room: "lobby",
    settings: { pollGapMs: 0, pollCursor: true, pollTimeoutMs: 25_000, ...settings },
    clock,
    random: () => 0.5,
    get(path, timeoutMs, callBack) {
      const poll = { path, timeoutMs, cancelled: false };
      polls.push(poll);
      done = callBack;
      return {
        cancel() {
          poll.cancelled = true;
        },
      };
    },
  });
  return {
    clock,
    client,
    polls,
    answer: (...ids: number[]) =>
      done?.({ status: 200, body: JSON.stringify({ messages: ids.map(chat) }) }),
    reply: (reply: HttpReply) => done?.(reply),
    last: () => polls.at(-1)?.path.replace(/^.*room=lobby/, ""),
  };
}

describe("long-polling client", () => {
  it("FL1 asks without a cursor first, then for what came after the highest id", () => {
    const { answer, polls, last, client } = start();
    expect(polls[0]?.path).toBe("/messages?client=lp-client-1&room=lobby");
    answer(1, 2, 3);
    expect(last()).toBe("&after=3");
    expect(client.view()).toMatchObject({ state: "polling", cursor: 3, updates: 1, requests: 2 });
    expect(client.view().messages.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it("FL2 an empty answer changes nothing but the count, and it asks again", () => {
    const { answer, last, client } = start();
    answer();
    expect(last()).toBe("&after=0");
    expect(client.view()).toMatchObject({ idleAnswers: 1, updates: 0, messages: [] });
  });

  it("FL3 waits the poll gap between an answer and the next poll", () => {
    const { answer, clock, polls, client } = start({ pollGapMs: 5_000 });
    answer(1);
    expect(client.view()).toMatchObject({ state: "pausing", waitsMs: 5_000 });
    clock.pass(4_999);
    expect(client.view().inStateMs).toBe(4_999);
    expect(polls).toHaveLength(1);
    clock.pass(1);
    expect(polls).toHaveLength(2);
  });

  it("FL3 a changed gap is measured from the answer", () => {
    const { answer, clock, polls, client } = start({ pollGapMs: 60_000 });
    answer(1);
    clock.pass(3_000);
    client.apply({ pollGapMs: 4_000, pollCursor: true, pollTimeoutMs: 25_000 });
    clock.pass(999);
    expect(polls).toHaveLength(1);
    clock.pass(1);
    expect(polls).toHaveLength(2);
    expect(clock.waiting).toBe(0);
  });

  it("FL4 without the cursor setting it never says what it has", () => {
    const { answer, last, client } = start({ pollCursor: false });
    answer(1, 2);
    expect(last()).toBe("");
    client.apply({ pollGapMs: 0, pollCursor: true, pollTimeoutMs: 25_000 });
    answer(1, 2);
    expect(last()).toBe("&after=2");
    expect(client.view()).toMatchObject({ updates: 2, cursor: 2 });
    expect(client.view().messages).toHaveLength(2);
  });

  it("FL5 backs off after failures, twice as long each time, and says why", () => {
    const { reply, clock, polls, client } = start();
    reply({ failed: "connection refused" });
    expect(client.view()).toMatchObject({ state: "backing-off", waitsMs: 188 });
    expect(client.view().note).toBe("connection refused; trying again in 0.2 s");
    clock.pass(188);
    reply({ status: 503, body: `{"error":{"code":"draining","message":"I am leaving"}}` });
    expect(client.view()).toMatchObject({ waitsMs: 375 });
    expect(client.view().note).toContain("status 503: I am leaving");
    for (let failure = 0; failure < 12; failure++) {
      clock.pass(10_000);
      reply({ failed: "connection refused" });
    }
    expect(client.view().waitsMs).toBe(7_500);
    clock.pass(10_000);
    const { length } = polls;
    reply({ status: 200, body: `{"messages":[]}` });
    expect(polls).toHaveLength(length + 1);
    expect(client.view().note).toBeUndefined();
  });

  it.each([
    [200, "<html>"],
    [200, `{"messages":[{"id":"1"}]}`],
    [200, `{"messages":{}}`],
    [409, `{"last":"x"}`],
    [500, ""],
  ])("FL5 an answer that is none (%i %s) is a failure", (status, body) => {
    const { reply, client } = start();
    reply({ status, body });
    expect(client.view()).toMatchObject({ state: "backing-off", updates: 0, cursor: 0 });
  });

  it("FL6 a cursor beyond the room starts again from its last id, at once", () => {
    const { answer, reply, last, client } = start();
    answer(40, 41);
    reply({ status: 409, body: `{"error":{"code":"cursor-ahead","message":"ahead"},"last":3}` });
    expect(last()).toBe("&after=3");
    expect(client.view()).toMatchObject({ state: "polling", cursor: 3, messages: [] });
    answer(4);
    expect(client.view().messages.map(({ id }) => id)).toEqual([4]);
  });

  it("FL6 a server that refuses its own last id is not asked in a loop", () => {
    const { answer, reply, client } = start();
    answer(3);
    reply({ status: 409, body: `{"last":3}` });
    expect(client.view().state).toBe("backing-off");
  });

  it("FL7 gives a poll up ten seconds after its poll timeout", () => {
    const { polls, client, answer } = start();
    expect(polls[0]?.timeoutMs).toBe(35_000);
    client.apply({ pollGapMs: 0, pollCursor: true, pollTimeoutMs: 100 });
    answer();
    expect(polls[1]?.timeoutMs).toBe(10_100);
    expect(client.view().waitsMs).toBe(100);
  });

  it("FL8 stopping closes the poll, and nothing comes after", () => {
    const { client, polls, answer, clock } = start();
    client.stop();
    expect(polls[0]?.cancelled).toBe(true);
    answer(1);
    client.apply({ pollGapMs: 0, pollCursor: true, pollTimeoutMs: 100 });
    expect(polls).toHaveLength(1);
    expect(clock.waiting).toBe(0);
    expect(client.view()).toMatchObject({ state: "stopped", updates: 0 });
  });

  it("FL8 stopping ends a pause", () => {
    const { client, answer, clock } = start({ pollGapMs: 1_000 });
    answer(1);
    client.stop();
    expect(clock.waiting).toBe(0);
  });

  it("FL9 shows the newest twenty, each once", () => {
    const { answer, client } = start({ pollCursor: false });
    answer(...Array.from({ length: 30 }, (_, at) => at + 1));
    answer(30, 31);
    expect(client.view().messages.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 12),
    );
  });
});
