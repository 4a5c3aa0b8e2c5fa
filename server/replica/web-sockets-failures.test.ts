/** WebSockets when pushes come wrongly, when broker or store fail, and at the end (docs/spec/web-sockets.md, WS13 and after). */
import msgpack from "notepack.io";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import type { TestReplica } from "./testing/cluster.ts";
import { useFixture } from "./testing/fixture.ts";
import { newRoom, send } from "./testing/long-poll-client.ts";
import { type ClientOptions, SocketClient } from "./testing/socket-client.ts";
import { until } from "./testing/until.ts";

describe("web sockets when things go wrong", () => {
  const fixture = useFixture("web-sockets");
  let cluster: Awaited<ReturnType<typeof fixture.start>>;
  let clients: SocketClient[] = [];
  beforeEach(async () => {
    cluster = await fixture.start();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    await cluster.stop();
  });

  const open = (at: TestReplica, options: ClientOptions) => {
    const client = new SocketClient(at.url, options);
    clients.push(client);
    return client;
  };
  const join = async (at: TestReplica, room: string, auth = {}) => {
    const client = open(at, { room, auth });
    await client.welcomed();
    return client;
  };
  const publish = (room: string, payload: Buffer) =>
    fixture.publisher.publish(`socket.io#/#${room}#`, payload);
  /** As an adapter would. */
  const broadcast = (message: ChatMessage) => {
    const packet = { type: 2, data: ["message", message], nsp: "/" };
    const options = { rooms: [message.room], except: [], flags: {} };
    return publish(message.room, msgpack.encode(["another", packet, options]));
  };
  const is = (part: "broker" | "store", state: "up" | "down", at = cluster.first) =>
    until(async () => (await at.stats())[part] === state);

  describe("pushes", () => {
    it("WS13 passes on what comes twice only once", async () => {
      const room = newRoom();
      const client = await join(cluster.first, room);
      const one = await fixture.storeSilently(room, "one");
      for (let time = 0; time < 3; time++) await broadcast(one);
      const { message } = await send(cluster.second.url, room, "two");
      await client.has(2);
      expect(client.messages).toEqual([one, message]);
    });

    it("WS13 does not pass on what the history held already", async () => {
      const room = newRoom();
      const one = await fixture.storeSilently(room, "one");
      const client = await join(cluster.first, room);
      await broadcast(one);
      await send(cluster.second.url, room, "two");
      await client.has(2);
      expect([client.ids, client.histories]).toEqual([[1, 2], [1]]);
    });

    it("WS2 catches up page by page with far more than a history holds", async () => {
      const room = newRoom();
      const some = Array.from({ length: 100 }, (_, n) => n);
      for (let hundreds = 0; hundreds < 33; hundreds++) {
        await Promise.all(some.map((n) => fixture.storeSilently(room, `${n}`)));
      }
      const client = await join(cluster.first, room, { after: 0 });
      await send(cluster.second.url, room, "meanwhile");
      await client.has(3_301);
      expect(client.histories).toEqual([1_000]);
      const ids = [...client.ids].sort((a, b) => a - b);
      expect(ids).toEqual(Array.from({ length: 3_301 }, (_, index) => index + 1));
    });

    it("WS7 loses nothing that is published while the first of a room reads its history", async () => {
      const room = newRoom();
      const { store, broker } = cluster.first;
      store.hold();
      const client = open(cluster.first, { room });
      await until(() => store.waiting > 0);
      // The read has begun, and does not see this one any more.
      const { delivered } = broker;
      await broadcast(await fixture.storeSilently(room, "meanwhile"));
      await until(() => broker.delivered > delivered);
      await cluster.first.stats();
      store.mend();
      await client.has(1);
      expect([client.histories, client.ids]).toEqual([[0], [1]]);
    });

    it("WS7 repeats nothing that a long history showed before its push came", async () => {
      const room = newRoom();
      const { store } = cluster.first;
      // More than the replica remembers, so that the history is read from the store once more.
      const large = "x".repeat(4_000);
      for (let n = 0; n < 90; n++) await fixture.storeSilently(room, large);
      store.hold();
      const client = open(cluster.first, { room });
      await until(() => store.waiting > 0);
      const late = await fixture.storeSilently(room, "after the first read, before the second");
      store.mend();
      await client.welcomed();
      await broadcast(late);
      await send(cluster.second.url, room, "the last");
      await client.has(92);
      expect(client.ids).toEqual(Array.from({ length: 92 }, (_, index) => index + 1));
    });

    it("WS13 gives those who were there what a newcomer's history brought to light", async () => {
      const room = newRoom();
      const early = await join(cluster.first, room);
      const one = await fixture.storeSilently(room, "unheard");
      const late = await join(cluster.first, room);
      await early.has(1);
      await broadcast(one);
      await send(cluster.second.url, room, "two");
      await Promise.all([early.has(2), late.has(2)]);
      expect([early.ids, late.ids]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    });

    it("WS14 puts swapped pushes right", async () => {
      const room = newRoom();
      const client = await join(cluster.first, room);
      const [one, two] = [
        await fixture.storeSilently(room, "one"),
        await fixture.storeSilently(room, "two"),
      ];
      await broadcast(two);
      await client.has(2);
      await broadcast(one);
      await send(cluster.first.url, room, "three");
      await client.has(3);
      expect(client.messages.slice(0, 2)).toEqual([one, two]);
      expect(client.ids).toEqual([1, 2, 3]);
    });

    it("WS14 puts its own message in turn, and publishes it all the same", async () => {
      const room = newRoom();
      const [here, there] = [await join(cluster.first, room), await join(cluster.second, room)];
      await fixture.storeSilently(room, "unheard");
      await send(cluster.first.url, room, "own");
      await Promise.all([here.has(2), there.has(2)]);
      await send(cluster.second.url, room, "and on");
      await Promise.all([here.has(3), there.has(3)]);
      expect([here.ids, there.ids]).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
    });

    it("WS17 lets bytes that are no broadcast change nothing", async () => {
      const room = newRoom();
      const client = await join(cluster.first, room);
      const nonsense: unknown[] = [null, 7, [], ["x"], ["x", 7], ["x", { data: 1 }], { type: 1 }];
      nonsense.push(["x", { type: 2, data: ["message", { id: "1" }], nsp: "/" }, {}]);
      for (const value of nonsense) await publish(room, msgpack.encode(value));
      for (const bytes of ["", "\xc1", "\xdd\xff\xff\xff\xff", "{"]) {
        await publish(room, Buffer.from(bytes, "latin1"));
      }
      await send(cluster.second.url, room, "one");
      await client.has(1);
      expect(client.ids).toEqual([1]);
    });
  });

  describe("broker and store", () => {
    it("WS15 emits what was published unheard when it hears again", async () => {
      const room = newRoom();
      const client = await join(cluster.first, room);
      cluster.first.broker.cut();
      await is("broker", "down");
      for (const text of ["one", "two"]) await send(cluster.second.url, room, text);
      expect(client.ids).toEqual([]);
      cluster.first.broker.mend();
      await client.has(2);
      await send(cluster.second.url, room, "three");
      await client.has(3);
      expect(client.ids).toEqual([1, 2, 3]);
    });

    it("WS16 gives its own clients at once what it cannot publish, and others later", async () => {
      const room = newRoom();
      const [here, there] = [await join(cluster.first, room), await join(cluster.second, room)];
      cluster.first.broker.cut();
      await is("broker", "down");
      for (const text of ["one", "two", "three"]) await send(cluster.first.url, room, text);
      await here.has(3);
      expect(there.ids).toEqual([]);
      cluster.first.broker.mend();
      await there.has(3);
      expect([here.ids, there.ids]).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
    });

    it("WS18 refuses what needs the store, and keeps who is connected", async () => {
      const room = newRoom();
      const client = await join(cluster.first, room);
      cluster.first.store.cut();
      expect((await send(cluster.first.url, room, "lost")).error?.code).toBe("store-unavailable");
      expect(await client.socket.emitWithAck("send-message", { text: "lost" })).toMatchObject({
        error: { code: "store-unavailable" },
      });
      const refused = open(cluster.first, { room: newRoom() });
      await refused.refused();
      expect(refused.refusal?.data?.error.code).toBe("store-unavailable");
      await send(cluster.second.url, room, "passes");
      await client.has(1);
      cluster.first.store.mend();
      await is("store", "up");
      expect((await send(cluster.first.url, room, "two")).message.id).toBe(2);
      await client.has(2);
    });
  });

  describe("life", () => {
    it("WS19 sends its sockets away one by one when it drains, and goes", async () => {
      const room = newRoom();
      const all = await Promise.all(Array.from({ length: 8 }, () => join(cluster.first, room)));
      await cluster.first.drain(500);
      await until(() => all.every(({ advice }) => advice.length === 1));
      const late = open(cluster.first, { room });
      await late.refused();
      expect(
        (await send(cluster.first.url, room, "late").catch(() => ({ status: 0 }))).status,
      ).not.toBe(201);
      await Promise.all(all.map((client) => client.gone()));
      await cluster.first.gone;
      const waits = all.map(({ advice }) => advice[0] ?? -1);
      expect(new Set(waits).size).toBeGreaterThan(1);
      for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(0);
      for (const wait of waits) expect(wait).toBeLessThanOrEqual(400);
    });

    it("WS20 takes new ping times for connections opened after", async () => {
      await cluster.first.set({ pingIntervalMs: 100, pingTimeoutMs: 5_000 });
      const client = await join(cluster.first, newRoom());
      let pings = 0;
      client.socket.io.engine?.on("ping", () => {
        pings += 1;
      });
      await until(() => pings >= 3);
    });

    it("WS21 gives nobody what was sent to a room that is named like his socket", async () => {
      const room = newRoom();
      const client = await join(cluster.first, room);
      const id = client.socket.id ?? "";
      await send(cluster.first.url, id, "not for you");
      await send(cluster.second.url, id, "nor this");
      await send(cluster.second.url, room, "for you");
      await client.has(1);
      expect(client.messages.map(({ text }) => text)).toEqual(["for you"]);
    });
  });
});
