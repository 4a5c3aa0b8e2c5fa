/** A long-polling replica's life: clients that leave, settings, drain (docs/spec/long-polling.md, LP18, LP27–LP31). */
import { once } from "node:events";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { useFixture } from "./testing/fixture.ts";
import { newRoom, poll, send } from "./testing/long-poll-client.ts";
import { until } from "./testing/until.ts";

describe("a long-polling replica's life", () => {
  const fixture = useFixture("long-polling");
  let cluster: Awaited<ReturnType<typeof fixture.start>>;
  beforeEach(async () => {
    cluster = await fixture.start();
  });
  afterEach(() => cluster.stop());

  it("LP18 keeps idle connections for 75 s", async () => {
    const { headers } = await poll(cluster.first.url, { room: newRoom(), after: 9 });
    expect(headers.get("keep-alive")).toBe("timeout=75");
  });

  it("LP27 frees the place of a poll whose client goes, at once", async () => {
    const room = newRoom();
    const leaving = new AbortController();
    const polls = Array.from({ length: 20 }, () =>
      poll(cluster.first.url, { room, after: 0, signal: leaving.signal }).catch(() => "left"),
    );
    const stays = poll(cluster.first.url, { room, after: 0 });
    await cluster.first.holds(21);
    leaving.abort();
    await cluster.first.holds(1);
    expect(new Set(await Promise.all(polls))).toEqual(new Set(["left"]));
    await send(cluster.second.url, room, "one");
    expect((await stays).ids).toEqual([1]);
  });

  it("LP37 parks so many polls and no more; the others get their message", async () => {
    const { first, second, stop } = await fixture.start({ mostParkedPolls: 3 });
    const room = newRoom();
    const waiting = [1, 2, 3].map(() => poll(first.url, { room, after: 0 }));
    await first.holds(3);
    const refused = await fetch(`${first.url}/messages?room=${room}&after=0`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: "too-many-polls" } });
    await send(second.url, room, "one");
    for (const { ids } of await Promise.all(waiting)) expect(ids).toEqual([1]);
    const again = poll(first.url, { room, after: 1 });
    await first.holds(1);
    await send(second.url, room, "two");
    expect((await again).ids).toEqual([2]);
    await stop();
  });

  it("LP27 does not park a poll whose client went while the store was read", async () => {
    const { url, store } = cluster.first;
    const [room, another] = [newRoom(), newRoom()];
    const leaving = new AbortController();
    store.hold();
    const left = poll(url, { room, after: 0, signal: leaving.signal });
    const gone = expect(left).rejects.toThrow();
    const stays = poll(url, { room: another, after: 0 });
    // Both are here: two reads at a time need two connections to the store.
    await until(() => store.connections === 2);
    leaving.abort();
    await gone;
    // Time for the replica to notice: an answer that was asked for after the client went.
    for (let n = 0; n < 3; n++) await cluster.first.stats();
    store.mend();
    // Answered by a read that came after the one of the poll that left.
    expect((await poll(url, { room, after: 9 })).status).toBe(409);
    await cluster.first.holds(1);
    await send(cluster.second.url, another, "one");
    expect((await stays).ids).toEqual([1]);
    expect((await cluster.first.stats()).held).toBe(0);
  });

  it("LP28 applies a changed poll timeout to parked polls", async () => {
    const idle = poll(cluster.first.url, { room: newRoom(), after: 0 });
    await cluster.first.holds(1);
    const answer = await cluster.first.set({ pollTimeoutMs: 100 });
    expect(await answer.json()).toMatchObject({ pollTimeoutMs: 100 });
    expect(await idle).toMatchObject({ status: 200, messages: [] });
  });

  it("LP29 lets nothing expire while its clock stands, and messages through", async () => {
    const room = newRoom();
    await cluster.first.set({ clockRate: 0, pollTimeoutMs: 100 });
    const [waits, gets] = [newRoom(), room].map((each) =>
      poll(cluster.first.url, { room: each, after: 0 }),
    );
    await cluster.first.holds(2);
    await cluster.second.set({ pollTimeoutMs: 200 });
    // Another replica's clock goes: when its poll expires, ours would have expired long ago.
    await poll(cluster.second.url, { room, after: 0 });
    expect((await cluster.first.stats()).held).toBe(2);
    await send(cluster.second.url, room, "through");
    expect((await gets)?.ids).toEqual([1]);
    await cluster.first.set({ clockRate: 1 });
    expect((await waits)?.messages).toEqual([]);
  });

  it.each([
    { pollTimeoutMs: 99 },
    { pollTimeoutMs: "1000" },
    { clockRate: -1 },
    { pingTimeoutMs: 1e9 },
    { unknown: 1 },
    [],
  ])("LP36 refuses the settings %j and applies none", async (settings) => {
    const mixed = Array.isArray(settings) ? settings : { pollTimeoutMs: 5_000, ...settings };
    const refused = await cluster.first.set(mixed as Record<string, number>);
    expect(refused.status).toBe(400);
    const unchanged = await cluster.first.set({});
    expect(await unchanged.json()).toMatchObject({ pollTimeoutMs: 25_000, clockRate: 1 });
  });

  it("LP36 refuses pages on its admin port", async () => {
    const { adminUrl } = cluster.first;
    const drain = await fetch(`${adminUrl}/drain`, {
      method: "POST",
      headers: { origin: "http://localhost:5173" },
    });
    expect(drain.status).toBe(403);
    expect((await cluster.first.stats()).life).toBe("ready");
    expect((await fetch(`${adminUrl}/nothing`)).status).toBe(404);
  });

  it("LP36 says how it is", async () => {
    const stats = await cluster.first.stats();
    expect(stats).toMatchObject({ id: "lp-1", life: "ready", held: 0, broker: "up", store: "up" });
    for (const number of [stats.rssBytes, stats.cpuMs, stats.loopLagMs + 1]) {
      expect(number).toBeGreaterThan(0);
    }
  });

  it("LP30 answers parked polls empty and closing when it drains, and goes", async () => {
    const idle = poll(cluster.first.url, { room: newRoom(), after: 0 });
    await cluster.first.holds(1);
    const accepted = await cluster.first.drain(5_000);
    expect(accepted.status).toBe(202);
    const { status, messages, headers } = await idle;
    expect([status, messages, headers.get("connection")]).toEqual([200, [], "close"]);
    await cluster.first.gone;
    await expect(poll(cluster.first.url, { room: newRoom() })).rejects.toThrow();
  });

  /** A POST whose head has arrived, and whose body has not. */
  async function beginPost(room: string, length: number) {
    const begun = request(`${cluster.first.url}/messages?room=${room}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-length": length,
        expect: "100-continue",
      },
    });
    const status = new Promise<number | undefined>((resolve) => {
      begun.on("response", (response) => resolve(response.resume().statusCode));
      begun.on("error", () => resolve(undefined));
    });
    begun.flushHeaders();
    await once(begun, "continue");
    return { begun, status };
  }

  it("LP30 finishes what it began", async () => {
    const room = newRoom();
    const body = JSON.stringify({ message: "begun before" });
    const { begun, status } = await beginPost(room, Buffer.byteLength(body));
    await cluster.first.drain(60_000);
    // Nobody new gets in meanwhile.
    await expect(poll(cluster.first.url, { room })).rejects.toThrow();
    begun.end(body);
    expect(await status).toBe(201);
    await cluster.first.gone;
    expect((await poll(cluster.second.url, { room, after: 0 })).ids).toEqual([1]);
  });

  it("LP30 is gone by its deadline, whoever is not ready", async () => {
    const { status } = await beginPost(newRoom(), 100);
    await cluster.first.drain(200);
    await cluster.first.gone;
    expect(await status).toBeUndefined();
  });
});
