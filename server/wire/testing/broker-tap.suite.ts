/**
 * The broker link through a tap, with the clients the replicas use. Run against the embedded broker
 * and against real Redis.
 */
import { createAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BrokerUnderTest, StartBroker } from "../../embedded/broker/testing/brokers.ts";
import { openTap, type Tap } from "../tap/tap.ts";
import { Scribe } from "./scribe.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const MESSAGE = {
  id: 42,
  text: "lunch?",
  time: "2026-01-01T12:00:00.000Z",
  server: "lp-1",
  room: "lobby",
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
};
const PASSWORD = "open-sesame";

export function brokerTapSuite(setting: { name: string; start: StartBroker }): void {
  describe(`broker tap before ${setting.name}`, () => {
    let broker: BrokerUnderTest;
    let tap: Tap;
    let scribe: Scribe;
    const clients: Redis[] = [];

    beforeAll(async () => {
      broker = await setting.start({ password: PASSWORD });
    });
    afterAll(() => broker.stop());
    afterEach(async () => {
      // An answer that the tap has told of may not have been read yet: whoever still waits for it
      // would be told that its connection is closed.
      await Promise.all(clients.map((client) => client.ping()));
      for (const client of clients.splice(0)) client.disconnect();
      await tap.close();
    });

    async function start(): Promise<void> {
      scribe = new Scribe();
      tap = await openTap({
        recorder: scribe,
        config: {
          replica: "lp-1",
          pattern: "long-polling",
          link: "broker",
          host: "127.0.0.1",
          port: 0,
          target: { host: "127.0.0.1", port: broker.port },
        },
      });
    }

    function answered(seq: number): boolean {
      return scribe.hops.some((hop) => hop.causes?.includes(seq));
    }

    function client(options: { protocol: 2 | 3 }): Redis {
      const redis = new Redis({ port: tap.port, password: PASSWORD, ...options });
      clients.push(redis);
      return redis;
    }

    it.each([2, 3] as const)("TAP11 TAP12 shows publish and push over RESP%i", async (protocol) => {
      await start();
      const [publisher, subscriber] = [client({ protocol }), client({ protocol })];
      await subscriber.psubscribe("messages:*");
      const arrived = new Promise((resolve) =>
        subscriber.once("pmessage", (...all) => resolve(all)),
      );
      const payload = JSON.stringify(MESSAGE);
      expect(await publisher.publish("messages:lobby", payload)).toBe(1);
      expect(await arrived).toEqual(["messages:*", "messages:lobby", payload]);

      const publish = await scribe.seen((hop) => hop.info?.command === "PUBLISH");
      const push = await scribe.seen((hop) => hop.kind === "redis.push");
      const reply = await scribe.seen((hop) => hop.label === "1 receiver");
      expect(publish).toMatchObject({
        kind: "redis.command",
        from: "replica:lp-1",
        to: "broker",
        label: "PUBLISH messages:lobby",
        traceId: TRACE,
        messageIds: ["long-polling/lobby/42"],
      });
      expect(reply).toMatchObject({ from: "broker", to: "replica:lp-1", causes: [publish.seq] });
      expect(reply.info?.receivers).toBe(1);
      expect(push).toMatchObject({
        from: "broker",
        label: "push 42",
        traceId: TRACE,
        messageIds: ["long-polling/lobby/42"],
      });
      expect(push.conn).not.toBe(publish.conn);
      const subscribe = await scribe.seen((hop) => hop.label === "PSUBSCRIBE messages:*");
      const confirmed = await scribe.seen((hop) => hop.label === "subscribed messages:*");
      expect(subscribe.info?.setup).toBe(true);
      expect(confirmed).toMatchObject({ kind: "redis.reply", causes: [subscribe.seq] });
      expect(scribe.hops.filter((hop) => hop.kind === "raw")).toEqual([]);
    });

    it("TAP14 lets no password out", async () => {
      await start();
      await client({ protocol: 3 }).ping();
      const ping = await scribe.seen((hop) => hop.info?.command === "PING");
      await scribe.seen((hop) => hop.causes?.[0] === ping.seq);
      const all = scribe.hops.map((hop) => `${JSON.stringify(hop)} ${String(hop.raw)}`).join("\n");
      expect(all).toContain("***");
      expect(all).not.toContain(PASSWORD);
    });

    it("TAP12 reads what the Socket.IO adapter publishes", async () => {
      await start();
      const publisher = client({ protocol: 3 });
      const other = client({ protocol: 3 });
      const io = new Server({ adapter: createAdapter(publisher, client({ protocol: 3 })) });
      new Server({ adapter: createAdapter(other, client({ protocol: 3 })) });
      await scribe.seen((hop) => hop.label === "subscribed socket.io#/#*");
      io.to("lobby").emit("message", MESSAGE);
      const publish = await scribe.seen((hop) => hop.info?.command === "PUBLISH");
      const push = await scribe.seen((hop) => hop.kind === "redis.push");
      expect(publish).toMatchObject({
        label: "PUBLISH socket.io#/#lobby#",
        traceId: TRACE,
        messageIds: ["web-sockets/lobby/42"],
      });
      expect(push).toMatchObject({ label: "push 42", messageIds: ["web-sockets/lobby/42"] });
      await scribe.seen(() =>
        scribe.hops.every((hop) => hop.kind !== "redis.command" || answered(hop.seq)),
      );
    });
  });
}
