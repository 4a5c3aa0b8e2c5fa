import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NOTHING_ORDERED } from "../../shared/hold/hold-state.ts";
import { type BrokerUnderTest, startEmbedded } from "../embedded/broker/testing/brokers.ts";
import { findFreePort } from "../processes/free-ports.ts";
import type { BalancerConfig, TapConfig, WireConfig } from "./contract.ts";
import { WireChild } from "./testing/wire-child.ts";

const HOST = "127.0.0.1";

function freePort(): Promise<number> {
  return findFreePort(HOST, Math.random);
}

describe("the wire process", () => {
  let broker: BrokerUnderTest;
  let upstream: Server;
  let upstreamPort: number;
  let wire: WireChild;

  beforeAll(async () => {
    broker = await startEmbedded();
    upstream = createServer((_request, response) => response.end('{"ok":true}'));
    upstream.listen(0, HOST);
    await once(upstream, "listening");
    const address = upstream.address();
    upstreamPort = typeof address === "object" && address ? address.port : 0;
  });
  afterAll(async () => {
    upstream.close();
    upstream.closeAllConnections();
    await broker.stop();
  });
  beforeEach(async () => {
    wire = new WireChild();
    await wire.next((message) => message.type === "started");
  });
  afterEach(() => wire.stop());

  function balancer(port: number): BalancerConfig {
    return {
      pattern: "long-polling",
      host: HOST,
      port,
      balancing: "round-robin",
      sticky: true,
      upstreams: [{ replica: "lp-1", host: HOST, port: upstreamPort, state: "ready" }],
    };
  }

  function tap(port: number, targetPort = broker.port): TapConfig {
    return {
      replica: "lp-1",
      pattern: "long-polling",
      link: "broker",
      host: HOST,
      port,
      target: { host: HOST, port: targetPort },
    };
  }

  function config(balancers: BalancerConfig[], taps: TapConfig[]): WireConfig {
    const hosts = balancers.map(({ port }) => `${HOST}:${port}`);
    return { balancers, taps, hosts, origins: [], hold: NOTHING_ORDERED, faults: [] };
  }

  it("TR12 makes the wire as configured, and sends what crosses in batches", async () => {
    const [httpPort, redisPort] = [await freePort(), await freePort()];
    const started = await wire.next((message) => message.type === "started");
    await wire.ask({ type: "configure", config: config([balancer(httpPort)], [tap(redisPort)]) });
    await (await fetch(`http://${HOST}:${httpPort}/test`)).text();
    const redis = new Redis({ port: redisPort });
    await redis.publish("messages:lobby", "{}");
    await wire.next(() => wire.events.some((event) => event.info?.command === "PUBLISH"));
    await wire.next(() => wire.events.some((event) => event.kind === "http.response"));
    redis.disconnect();

    const labels = wire.events.map((event) => event.label);
    expect(labels).toEqual(expect.arrayContaining(["GET /test", "200", "PUBLISH messages:lobby"]));
    expect(wire.events.map((event) => event.seq)).toEqual(labels.map((_, at) => at + 1));
    const offsetMs = started.type === "started" ? started.offsetMs : 0;
    const atMs = offsetMs + (wire.events[0]?.at ?? 0);
    expect(Math.abs(Date.now() - atMs)).toBeLessThan(10_000);
  });

  it("TR13 refuses in plain words when a port is taken, and can be told better", async () => {
    const taken = createTcpServer().listen(0, HOST);
    await once(taken, "listening");
    const address = taken.address();
    const takenPort = typeof address === "object" && address ? address.port : 0;
    const refused = wire.ask({ type: "configure", config: config([balancer(takenPort)], []) });
    await expect(refused).rejects.toThrow(`port ${takenPort} is in use`);
    taken.close();
    await once(taken, "close");
    await wire.ask({ type: "configure", config: config([balancer(takenPort)], []) });
    expect((await fetch(`http://${HOST}:${takenPort}/test`)).status).toBe(200);
  });

  it("TR13 leaves alone what did not change, and closes what is wanted no more", async () => {
    const [first, second] = [await freePort(), await freePort()];
    await wire.ask({ type: "configure", config: config([], [tap(first)]) });
    const redis = new Redis({ port: first, retryStrategy: () => null });
    await redis.ping();
    await wire.ask({ type: "configure", config: config([balancer(second)], [tap(first)]) });
    expect(await redis.ping()).toBe("PONG");
    const closed = once(redis, "close");
    await wire.ask({ type: "configure", config: config([balancer(second)], []) });
    await closed;
  });

  it("TR14 answers for raw bytes and metrics, and forgets both on reset", async () => {
    const port = await freePort();
    await wire.ask({ type: "configure", config: config([balancer(port)], []) });
    await (await fetch(`http://${HOST}:${port}/messages?client=lp-client-1`)).text();
    await wire.next(() => wire.events.some((event) => event.kind === "http.response"));
    const request = wire.events.find((event) => event.kind === "http.request");
    const seq = request?.seq ?? 0;
    const raw = await wire.ask({ type: "raw", seq });
    expect(raw).toMatchObject({ raw: { seq, truncated: false } });
    expect(JSON.stringify(raw)).toContain("GET /messages?client=lp-client-1 HTTP/1.1");
    const requests = async (): Promise<number | undefined> => {
      const answer = await wire.ask({ type: "metrics" });
      return answer.type === "metrics"
        ? answer.metrics.patterns["long-polling"].requests
        : undefined;
    };
    expect(await requests()).toBe(1);
    await wire.next((message) => message.type === "metrics");
    await wire.ask({ type: "reset" });
    expect(await requests()).toBe(0);
    expect(await wire.ask({ type: "raw", seq })).toEqual({ type: "raw", raw: null });
  });

  it("TR15 ends when its parent is gone", async () => {
    const gone = once(wire.process, "exit");
    wire.process.disconnect();
    expect(await gone).toEqual([0, null]);
  });
});
