/** What is stored and nobody heard of reaches those who wait, without a later message to bring it. */
import { afterEach, describe, expect, it } from "vitest";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import { PATTERNS } from "../../shared/contracts/ids.ts";
import { SteppedClock } from "../../shared/patterns/testing/stepped-clock.ts";
import { Announcements } from "./announcements.ts";
import type { TestCluster } from "./testing/cluster.ts";
import { useFixture } from "./testing/fixture.ts";
import { newRoom, send } from "./testing/long-poll-client.ts";
import { until } from "./testing/until.ts";
import { waitAt } from "./testing/waiting.ts";

describe.each(PATTERNS)("what nobody heard of: %s", (pattern) => {
  const fixture = useFixture(pattern);
  const clusters: TestCluster[] = [];
  const start = async () => {
    const cluster = await fixture.start();
    clusters.push(cluster);
    return cluster;
  };
  afterEach(async () => {
    await Promise.all(clusters.splice(0).map((cluster) => cluster.stop()));
  });
  const isStored = (room: string, count: number) =>
    until(async () => (await fixture.read(room)).length === count);

  it("LP38 says it when the replica that took it ended before it published, and starts anew", async () => {
    const { first, second } = await start();
    const room = newRoom();
    const { given } = await waitAt(pattern, second, { room, after: 0 });
    first.broker.stall();
    const sent = send(first.url, room, "stored, never published").catch(() => "unanswered");
    await isStored(room, 1);
    await first.replica.stop();
    await sent;
    await start();
    expect(await given).toEqual([1]);
  });

  it("LP39 says it when the store's answer was lost: 504, and it may have been stored", async () => {
    const { first, second } = await start();
    const room = newRoom();
    await send(first.url, room, "one");
    const { given } = await waitAt(pattern, second, { room, after: 1 });
    first.store.hold();
    const sent = send(first.url, room, "two");
    await until(() => first.store.waiting > 0);
    first.store.cut();
    const { status, error } = await sent;
    expect([status, error?.code]).toEqual([504, "maybe-stored"]);
    expect(error?.message).toMatch(/may have been stored\.$/);
    first.store.mend();
    expect(await given).toEqual([2]);
  });
});

describe("announcements", () => {
  function setUp() {
    const clock = new SteppedClock();
    const state = { newest: 1, isAway: false };
    const published: number[] = [];
    const message = (id: number): ChatMessage => {
      return { id, text: "t", time: "2026-01-01T00:00:00.000Z", server: "lp-1", room: "a" };
    };
    const read = async () => {
      if (state.isAway) throw new Error("store is away");
      return [message(state.newest)];
    };
    const announcements = new Announcements({
      store: { newest: read, newestOfMine: read },
      clock,
      publish: async ({ id }) => published.push(id),
    });
    const step = async (ms: number) => {
      clock.step(ms);
      await new Promise((next) => setImmediate(next));
    };
    return { announcements, state, published, step, clock };
  }

  it("LP39 looks once the store answers, and again when what was on its way is decided", async () => {
    const { announcements, state, published, step, clock } = setUp();
    state.isAway = true;
    announcements.doubt("a");
    await step(3_000);
    expect(published).toEqual([]);
    state.isAway = false;
    await step(1_000);
    expect(published).toEqual([1]);
    state.newest = 2;
    await step(5_999);
    expect(published).toEqual([1]);
    await step(1);
    expect(published).toEqual([1, 2]);
    expect(clock.timers).toBe(0);
  });

  it("LP38 asks for its own until the store answers, and no more once it is closed", async () => {
    const { announcements, state, published, step, clock } = setUp();
    state.isAway = true;
    void announcements.announceMine();
    await step(1_000);
    state.isAway = false;
    await step(1_000);
    expect(published).toEqual([1]);
    state.isAway = true;
    void announcements.announceMine();
    await step(0);
    announcements.close();
    await step(1_000);
    expect([published, clock.timers]).toEqual([[1], 0]);
  });
});
