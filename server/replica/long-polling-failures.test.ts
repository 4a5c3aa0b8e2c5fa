/** Long polling when pushes come wrongly, and when broker or store fail (docs/spec/long-polling.md, LP20 and after). */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { roomChannel } from "../../shared/contracts/broker.ts";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import { useFixture } from "./testing/fixture.ts";
import { newRoom, poll, send } from "./testing/long-poll-client.ts";
import { until } from "./testing/until.ts";

describe("long polling when things go wrong", () => {
  const fixture = useFixture("long-polling");
  let cluster: Awaited<ReturnType<typeof fixture.start>>;
  beforeEach(async () => {
    cluster = await fixture.start();
  });
  afterEach(() => cluster.stop());

  const publish = (message: ChatMessage) =>
    fixture.publisher.publish(roomChannel(message.room), JSON.stringify(message));
  /** Sends a poll, and returns once it is parked. */
  const park = async (room: string, after = 0, at = cluster.first) => {
    const { held } = await at.stats();
    const answer = poll(at.url, { room, after });
    await at.holds(held + 1);
    return { answer };
  };
  const isDown = (part: "broker" | "store", at = cluster.first) =>
    until(async () => (await at.stats())[part] === "down");
  const isUp = (part: "broker" | "store", at = cluster.first) =>
    until(async () => (await at.stats())[part] === "up");

  describe("pushes", () => {
    it("LP20 answers in id order when the second is published before the first", async () => {
      const room = newRoom();
      const { answer } = await park(room);
      const one = await fixture.storeSilently(room, "one");
      const two = await fixture.storeSilently(room, "two");
      await publish(two);
      expect((await answer).messages).toEqual([one, two]);
      const next = await park(room, 2);
      await publish(one);
      const three = await fixture.storeSilently(room, "three");
      await publish(three);
      expect((await next.answer).messages).toEqual([three]);
    });

    it("LP20 skips none after what it knows when the second comes before the first", async () => {
      const room = newRoom();
      await send(cluster.first.url, room, "known");
      const { answer } = await park(room, 1);
      const two = await fixture.storeSilently(room, "two");
      const three = await fixture.storeSilently(room, "three");
      await publish(three);
      expect((await answer).messages).toEqual([two, three]);
      await publish(two);
      const four = await send(cluster.second.url, room, "four");
      expect((await poll(cluster.first.url, { room, after: 3 })).messages).toEqual([four.message]);
    });

    it("LP20 reads the store for a message that nobody published, once a later one comes", async () => {
      const room = newRoom();
      const { answer } = await park(room);
      await fixture.storeSilently(room, "unheard");
      await send(cluster.second.url, room, "heard");
      expect((await answer).ids).toEqual([1, 2]);
    });

    it("LP21 lets what is no message, or an old one, change nothing", async () => {
      const room = newRoom();
      const { message } = await send(cluster.first.url, room, "one");
      const { answer } = await park(room, 1);
      for (const payload of [
        "",
        "{",
        "null",
        "[1]",
        '{"id":2}',
        '{"id":"2","room":"x"}',
        "\u0000",
      ]) {
        await fixture.publisher.publish(roomChannel(room), payload);
      }
      await publish(message);
      await publish({ ...message, id: 2, room: "not a room" });
      const second = await send(cluster.second.url, room, "two");
      expect((await answer).messages).toEqual([second.message]);
    });
  });

  describe("the broker", () => {
    it("LP22 finds by its polls what was published while it heard nothing", async () => {
      const room = newRoom();
      await send(cluster.first.url, room, "one");
      // So that it knows the room: one that it does not is read from the store anyway.
      await poll(cluster.first.url, { room, after: 0 });
      cluster.first.broker.cut();
      await isDown("broker");
      await send(cluster.second.url, room, "two");
      expect((await poll(cluster.first.url, { room, after: 1 })).ids).toEqual([2]);
    });

    it("LP22 releases parked polls with what it missed, once it hears again", async () => {
      const room = newRoom();
      const before = await park(room);
      cluster.first.broker.cut();
      await isDown("broker");
      const during = await park(room);
      const { message } = await send(cluster.second.url, room, "unheard");
      cluster.first.broker.mend();
      expect((await before.answer).messages).toEqual([message]);
      expect((await during.answer).messages).toEqual([message]);
    });

    it("LP23 acknowledges what it could not publish, and tells its own clients", async () => {
      const room = newRoom();
      const { answer } = await park(room);
      cluster.first.broker.cut();
      await isDown("broker");
      const { status, message } = await send(cluster.first.url, room, "mine");
      expect(status).toBe(201);
      expect((await answer).messages).toEqual([message]);
    });

    it("LP23 publishes the newest of what it owes when the broker is back", async () => {
      const room = newRoom();
      const elsewhere = await park(room, 0, cluster.second);
      cluster.first.broker.cut();
      await isDown("broker");
      for (const text of ["one", "two", "three"]) await send(cluster.first.url, room, text);
      expect((await cluster.second.stats()).held).toBe(1);
      cluster.first.broker.mend();
      expect((await elsewhere.answer).ids).toEqual([1, 2, 3]);
    });

    it("LP23 does not leave before the broker has taken what it owes, if that comes in time", async () => {
      const room = newRoom();
      const elsewhere = await park(room, 0, cluster.second);
      cluster.first.broker.cut();
      await isDown("broker");
      const { message } = await send(cluster.first.url, room, "owed");
      await cluster.first.drain(10_000);
      await until(async () => (await cluster.first.stats()).life === "draining");
      cluster.first.broker.mend();
      expect((await elsewhere.answer).messages).toEqual([message]);
      await cluster.first.gone;
    });

    it("LP24 notices a silent connection, and hears again over a new one", async () => {
      const room = newRoom();
      // Its clock runs fast: what takes 15 s takes 750 ms.
      await cluster.first.set({ clockRate: 20, pollTimeoutMs: 300_000 });
      const { answer } = await park(room);
      cluster.first.broker.stall();
      const { message } = await send(cluster.second.url, room, "unheard");
      await isDown("broker");
      cluster.first.broker.mend();
      expect((await answer).messages).toEqual([message]);
      await isUp("broker");
      const next = await park(room, 1);
      await send(cluster.second.url, room, "heard");
      expect((await next.answer).ids).toEqual([2]);
    });
  });

  describe("the store", () => {
    it("LP25 refuses what needs it, says why, and recovers by itself", async () => {
      const room = newRoom();
      await send(cluster.first.url, room, "before");
      cluster.first.store.cut();
      const refused = await send(cluster.first.url, room, "lost?");
      expect([refused.status, refused.error?.code]).toEqual([503, "store-unavailable"]);
      expect((await poll(cluster.first.url, { room: newRoom(), after: 0 })).status).toBe(503);
      await isDown("store");
      cluster.first.store.mend();
      await isUp("store");
      expect((await send(cluster.first.url, room, "after")).message.id).toBe(2);
    });

    it("LP25 says what surely did not happen, and what may have", async () => {
      const room = newRoom();
      cluster.first.store.cut();
      const first = await send(cluster.first.url, room, "no connection");
      expect(first.error?.message).toMatch(/was not stored\.$/);
      cluster.first.store.mend();
      await isUp("store");
      cluster.first.store.stall();
      const waiting = send(cluster.first.url, room, "on its way");
      await until(async () => (await cluster.first.stats()).loopLagMs >= 0);
      cluster.first.store.cut();
      const second = await waiting;
      expect(second.status).toBe(504);
      expect(second.error?.message).toMatch(/may have been stored\.$/);
    });

    it("LP25 LP26 parks and releases polls in a known room without it", async () => {
      const room = newRoom();
      await send(cluster.second.url, room, "one");
      await poll(cluster.first.url, { room, after: 0 });
      cluster.first.store.cut();
      const { answer } = await park(room, 1);
      const { message } = await send(cluster.second.url, room, "two");
      expect((await answer).messages).toEqual([message]);
      expect((await poll(cluster.first.url, { room, after: 0 })).ids).toEqual([1, 2]);
    });

    it("LP25 catches up on a gap once the store is back", async () => {
      const room = newRoom();
      const { answer } = await park(room);
      cluster.first.store.cut();
      await fixture.storeSilently(room, "one");
      await publish(await fixture.storeSilently(room, "two"));
      await isDown("store");
      cluster.first.store.mend();
      expect((await answer).ids).toEqual([1, 2]);
    });
  });
});
