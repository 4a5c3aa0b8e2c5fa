/**
 * The broker's contract through the clients that are used: ioredis 6 in both protocols,
 * node-redis 5, and two Socket.IO servers joined by the Redis adapter.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BrokerUnderTest, StartBroker } from "./testing/brokers.ts";

/** On a busy machine, too. */
const SOON = { timeout: 10_000 };

export function brokerClientsSuite(name: string, start: StartBroker): void {
  describe(`clients of ${name}`, () => {
    let broker: BrokerUnderTest;
    const closers: (() => unknown)[] = [];
    beforeAll(async () => {
      broker = await start({ password: "secret" });
    });
    afterEach(async () => {
      for (const close of closers.splice(0).reverse()) await close();
    });
    afterAll(() => broker.stop());

    describe.each([2, 3] as const)("ioredis, RESP%i", (protocol) => {
      const connect = async () => {
        const redis = new Redis({
          port: broker.port,
          host: "127.0.0.1",
          password: "secret",
          protocol,
          lazyConnect: true,
        });
        closers.push(() => redis.disconnect());
        await redis.connect();
        return redis;
      };

      it("BR1 becomes ready, and answers", async () => {
        const redis = await connect();
        expect(redis.status).toBe("ready");
        expect(await redis.ping()).toBe("PONG");
        expect(await redis.echo("lunch?")).toBe("lunch?");
      });

      it("BR2 an unknown command rejects in Redis' words", async () => {
        const redis = await connect();
        await expect(redis.call("FLY", "high")).rejects.toThrow(
          "ERR unknown command 'FLY', with args beginning with: 'high' ",
        );
      });

      it("BR8 BR9 BR13 channel and pattern subscribers hear; nobody after leaving", async () => {
        const [subscriber, publisher] = [await connect(), await connect()];
        const heard: string[] = [];
        subscriber.on("message", (channel, text) => heard.push(`${channel} ${text}`));
        subscriber.on("pmessage", (pattern, channel, text) =>
          heard.push(`${pattern} ${channel} ${text}`),
        );
        expect(await subscriber.subscribe("messages:lobby")).toBe(1);
        expect(await subscriber.psubscribe("messages:[a-m]*")).toBe(2);
        expect(await publisher.publish("messages:lobby", "grüße")).toBe(2);
        expect(await publisher.publish("messages:zoo", "x")).toBe(0);
        await expect
          .poll(() => heard, SOON)
          .toEqual(["messages:lobby grüße", "messages:[a-m]* messages:lobby grüße"]);
        expect(await publisher.pubsub("NUMSUB", "messages:lobby")).toEqual(["messages:lobby", 1]);
        expect(await subscriber.unsubscribe("messages:lobby")).toBe(1);
        expect(await subscriber.punsubscribe("messages:[a-m]*")).toBe(0);
        expect(await publisher.publish("messages:lobby", "x")).toBe(0);
      });

      it("BR10 a thousand publishes arrive in order", async () => {
        const [subscriber, publisher] = [await connect(), await connect()];
        const heard: number[] = [];
        subscriber.on("message", (_channel, text) => heard.push(Number(text)));
        await subscriber.subscribe("numbers");
        const numbers = Array.from({ length: 1_000 }, (_, at) => at);
        await Promise.all(numbers.map((number) => publisher.publish("numbers", `${number}`)));
        await expect.poll(() => heard.length, SOON).toBe(1_000);
        expect(heard).toEqual(numbers);
      });
    });

    it.each([2, 3] as const)("BR1 BR8 node-redis, RESP%i", async (RESP) => {
      const connect = async () => {
        const client = createClient({
          RESP,
          url: `redis://:secret@127.0.0.1:${broker.port}`,
          name: "tester",
        });
        closers.push(() => client.destroy());
        return client.connect();
      };
      const [subscriber, publisher] = [await connect(), await connect()];
      const heard: string[] = [];
      await subscriber.subscribe("one", (text, channel) => heard.push(`${channel} ${text}`));
      await subscriber.pSubscribe("o?e", (text, channel) => heard.push(`${channel} ${text}`));
      expect(await publisher.ping()).toBe("PONG");
      expect(await publisher.clientGetName()).toBe("tester");
      expect(await publisher.publish("one", "hi")).toBe(2);
      await expect.poll(() => heard, SOON).toEqual(["one hi", "one hi"]);
      await subscriber.unsubscribe("one");
      // Node-redis gives a string in some versions.
      expect(Number((await publisher.pubSubNumSub(["one"])).one)).toBe(0);
    });

    it("BR1 BR8 the Socket.IO adapter: a broadcast of one server reaches the other's sockets", async () => {
      const startServer = async () => {
        const http = createServer();
        const redis = new Redis({ port: broker.port, host: "127.0.0.1", password: "secret" });
        const subscriber = redis.duplicate();
        const server = new Server(http, { adapter: createAdapter(redis, subscriber) });
        server.on("connection", (socket) => void socket.join("lobby"));
        closers.push(async () => {
          await server.close();
          await Promise.all([redis.quit(), subscriber.quit()]);
        });
        await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
        return { server, port: (http.address() as AddressInfo).port };
      };
      const [here, there] = [await startServer(), await startServer()];
      const socket = io(`http://127.0.0.1:${there.port}`, { transports: ["websocket"] });
      closers.push(() => socket.disconnect());
      const heard = new Promise((resolve) => socket.once("message", resolve));
      await new Promise<void>((resolve) => socket.once("connect", resolve));
      // Counts servers with PUBSUB NUMSUB and asks them over a request channel.
      await expect
        .poll(async () => (await here.server.in("lobby").fetchSockets()).length, SOON)
        .toBe(1);
      here.server.to("lobby").emit("message", { id: 42, text: "lunch?" });
      expect(await heard).toEqual({ id: 42, text: "lunch?" });
    });
  });
}
