/** Servers of strangers behind the real wire, with clients of their own: their bytes are the same, and they are seen. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "socket.io-client";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, type WebSocketServer } from "ws";
import { NOTHING_ORDERED } from "../../../shared/hold/hold-state.ts";
import { startEmbedded } from "../../embedded/broker/testing/brokers.ts";
import { startChatServer } from "./chat-server.ts";
import { startEchoServer } from "./echo-server.ts";
import { startPollServer } from "./poll-server.ts";
import { type WatchedLink, WatchedStranger } from "./watched.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

function watch(): WatchedStranger {
  const watched = new WatchedStranger();
  stops.push(() => watched.stop());
  return watched;
}

const portOf = (server: Server | WebSocketServer) => (server.address() as AddressInfo).port;
const soon = { timeout: 10_000 };

/** Before and behind the wire, the same was said. */
async function expectSame({ outer, inner }: WatchedLink): Promise<void> {
  await expect.poll(() => outer.heard(), soon).toEqual(inner.heard());
  expect(inner.heard().join("").length).toBeGreaterThan(100);
}

describe("an Express server with long polling of its own", () => {
  async function start(patienceMs: number) {
    const server = await startPollServer({ patienceMs });
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const watched = watch();
    const link = await watched.serve(portOf(server));
    return { watched, link, url: `http://127.0.0.1:${link.outer.port}` };
  }

  const say = (url: string, text: string) =>
    fetch(`${url}/updates`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    });
  const poll = async (url: string, since: number) =>
    (await fetch(`${url}/updates?since=${since}`)).json() as Promise<unknown>;

  it("TG6 TG10 TG11 TG12 polls, idle answers and updates are seen, and its bytes are its own", async () => {
    const { watched, link, url } = await start(1_050);
    expect(await (await fetch(url)).text()).toBe("<h1>News</h1>");
    expect(await poll(url, 0)).toEqual({ items: [], last: 0 });
    const waits = poll(url, 0);
    await expect.poll(async () => (await watched.metrics())?.held, soon).toBe(1);
    expect((await say(url, "lunch?")).status).toBe(201);
    expect(await waits).toEqual({ items: [{ text: "lunch?" }], last: 1 });
    await expectSame(link);
    const told = () => watched.told();
    await expect.poll(() => told().length, soon).toBe(8);
    expect(told().slice(0, 4)).toEqual([
      "http.request GET /",
      "http.response 200",
      "http.request GET /updates",
      "http.response 200 idle",
    ]);
    expect(await watched.metrics()).toMatchObject({
      ...{ requests: 4, polls: 2, idleRequests: 1, messages: 0, deliveries: 0, lost: 0 },
    });
    expect(watched.events.every(({ pattern }) => pattern === "target")).toBe(true);
  });

  it("TG7 held, nothing arrives; stepped, each hop does; and nothing is lost", async () => {
    const { watched, link, url } = await start(60_000);
    await watched.ask({ type: "hold", order: { ...NOTHING_ORDERED, held: true } });
    const posted = say(url, "held").then((response) => response.status);
    const waiting = async () => {
      const answer = await watched.ask({ type: "held" });
      return answer.type === "held" ? answer.state.waiting.map(({ label }) => label) : [];
    };
    await expect.poll(waiting, soon).toEqual(["POST /updates"]);
    expect(link.inner.heard().join("")).not.toContain(Buffer.from("held").toString("hex"));
    await watched.ask({ type: "step", choice: { count: 1 } });
    await expect.poll(waiting, soon).toEqual(["201"]);
    await watched.ask({ type: "hold", order: NOTHING_ORDERED });
    expect(await posted).toBe(201);
    expect(await poll(url, 0)).toEqual({ items: [{ text: "held" }], last: 1 });
    await expectSame(link);
  });
});

describe("a Socket.IO server with the Redis adapter over node-redis", () => {
  it("TG6 TG12 TG13 packets, publishes and pushes are seen, over both transports, and all bytes are its own", async () => {
    const redis = await startEmbedded();
    stops.push(() => redis.stop());
    const watched = watch();
    const tap = await watched.tapRedis(redis.port);
    const server = await startChatServer(tap.outer.port);
    stops.push(() => server.stop());
    // Another one that nobody watches, for what comes from elsewhere.
    const other = await startChatServer(redis.port);
    stops.push(() => other.stop());
    const link = await watched.serve(portOf(server.http));

    const join = async (port: number, transport: string): Promise<Socket> => {
      const socket = io(`http://127.0.0.1:${port}`, { transports: [transport], forceNew: true });
      stops.push(() => socket.disconnect());
      await new Promise<void>((resolve) => socket.once("connect", resolve));
      return socket;
    };
    const heard: string[] = [];
    for (const transport of ["websocket", "polling"]) {
      const socket = await join(link.outer.port, transport);
      socket.on("said", ({ text }: { text: string }) => heard.push(`${transport} ${text}`));
    }
    const elsewhere = await join(portOf(other.http), "websocket");
    await elsewhere.emitWithAck("say", "hello");
    await expect.poll(() => [...heard].sort(), soon).toEqual(["polling hello", "websocket hello"]);

    await expectSame(link);
    await expectSame(tap);
    await expect
      .poll(() => watched.told(), soon)
      .toEqual(expect.arrayContaining(["redis.push push socket.io#/#", "packet said"]));
    expect(watched.events.some(({ messageIds }) => messageIds !== undefined)).toBe(false);
    expect((await watched.metrics())?.frames).toBeGreaterThan(4);
  });
});

describe("a bare WebSocket echo", () => {
  it("TG6 text, binary, empty, large and fragmented frames, compressed and not, come back as they were", async () => {
    const server = await startEchoServer();
    stops.push(() => server.close());
    const watched = watch();
    const link = await watched.serve(portOf(server));
    for (const perMessageDeflate of [true, false]) {
      const client = new WebSocket(`ws://127.0.0.1:${link.outer.port}/`, { perMessageDeflate });
      await once(client, "open");
      const large = Buffer.alloc(300_000, "a large one, well compressible; ");
      for (const said of ["hello", "", "ß".repeat(70_000), large]) {
        client.send(said);
        const [back, isBinary] = await once(client, "message");
        expect(Buffer.from(said).equals(back as Buffer)).toBe(true);
        expect(isBinary).toBe(typeof said !== "string");
      }
      client.send("in three ", { fin: false });
      client.send("parts, ", { fin: false });
      client.send("then", { fin: true });
      const [whole] = await once(client, "message");
      expect(String(whole)).toBe("in three parts, then");
      client.close(1000, "bye");
      await once(client, "close");
    }
    await expectSame(link);
    await expect
      .poll(() => watched.told().filter((one) => one.startsWith("socket.")), soon)
      .toEqual(["socket.close server closed", "socket.close server closed"]);
    expect(
      watched.told().some((one) => one.startsWith("frame") && one.includes("compressed")),
    ).toBe(true);
    const metrics = await watched.metrics();
    expect(metrics?.frames).toBeGreaterThan(20);
    expect(metrics?.clients).toBe(0);
  });
});
