/**
 * One message followed over every link, with real replicas, broker and message store.
 */

import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Pattern, ReplicaId } from "../../shared/contracts/ids.ts";
import { NOTHING_ORDERED } from "../../shared/hold/hold-state.ts";
import type { EventKind, TraceEvent } from "../../shared/trace/event.ts";
import { type BrokerUnderTest, startEmbedded } from "../embedded/broker/testing/brokers.ts";
import { startEmbeddedStore } from "../embedded/store/embedded-store.ts";
import { realClock, reports, temporaryFolder } from "../embedded/testing/fixture.ts";
import { findFreePort } from "../processes/free-ports.ts";
import { Replica } from "../replica/replica.ts";
import { defaultReplicaSettings } from "../replica/settings.ts";
import type { FromWire, TapConfig, WireConfig } from "./contract.ts";
import { WireProcess } from "./wire-process.ts";

const HOST = "127.0.0.1";
const REPLICAS: Record<Pattern, ReplicaId[]> = {
  "long-polling": ["lp-1", "lp-2"],
  "web-sockets": ["ws-1", "ws-2"],
};
const PATTERNS = ["long-polling", "web-sockets"] as const;

const events: TraceEvent[] = [];
const folder = temporaryFolder();
const replicas: Replica[] = [];
const sockets: Socket[] = [];
const ports = new Map<string, number>();
let broker: BrokerUnderTest;
let store: Awaited<ReturnType<typeof startEmbeddedStore>>;
let wire: WireProcess;

/** Sent to the wire's parent. */
function take(message: FromWire, taken: () => void): void {
  if (message.type === "events") events.push(...message.events);
  if (message.type === "refused") throw new Error(message.message);
  taken();
}

async function port(name: string): Promise<number> {
  const known = ports.get(name);
  if (known !== undefined) return known;
  const free = await findFreePort(HOST, Math.random);
  ports.set(name, free);
  return free;
}

async function tap(
  pattern: Pattern,
  replica: ReplicaId,
  link: TapConfig["link"],
): Promise<TapConfig> {
  const target = { host: HOST, port: link === "broker" ? broker.port : store.port };
  return { replica, pattern, link, host: HOST, port: await port(`${replica} ${link}`), target };
}

async function wanted(): Promise<WireConfig> {
  const config: WireConfig = {
    balancers: [],
    taps: [],
    hosts: [],
    origins: [],
    hold: NOTHING_ORDERED,
    faults: [],
  };
  for (const pattern of PATTERNS) {
    const upstreams: WireConfig["balancers"][number]["upstreams"] = [];
    for (const replica of REPLICAS[pattern]) {
      config.taps.push(await tap(pattern, replica, "broker"), await tap(pattern, replica, "store"));
      const own = ports.get(replica);
      if (own !== undefined) upstreams.push({ replica, host: HOST, port: own, state: "ready" });
    }
    const own = await port(pattern);
    config.hosts.push(`${HOST}:${own}`);
    config.balancers.push({
      pattern,
      host: HOST,
      port: own,
      balancing: "round-robin",
      sticky: true,
      upstreams,
    });
  }
  return config;
}

async function startReplica(pattern: Pattern, id: ReplicaId): Promise<void> {
  const storeUrl = new URL(store.url);
  storeUrl.port = String(await port(`${id} store`));
  const replica = new Replica({
    pattern,
    id,
    host: HOST,
    port: 0,
    adminPort: 0,
    brokerUrl: `redis://${HOST}:${await port(`${id} broker`)}`,
    storeUrl: storeUrl.href,
    mostParkedPolls: 100,
    origins: [],
    settings: defaultReplicaSettings(),
    clock: realClock,
    random: Math.random,
    onGone: () => undefined,
  });
  replicas.push(replica);
  ports.set(id, (await replica.start()).port);
}

beforeAll(async () => {
  broker = await startEmbedded();
  store = await startEmbeddedStore({
    dataDir: folder.dir,
    clock: realClock,
    random: Math.random,
    reports: reports(),
  });
  wire = new WireProcess({
    clock: realClock,
    random: () => 0.5,
    send: take,
    log: (words) => console.error(words),
    use: () => ({ cpuMs: 0, rssBytes: 0, loopLagMs: 0 }),
  });
  await wire.take({ ask: 1, type: "configure", config: await wanted() });
  await Promise.all(
    PATTERNS.flatMap((pattern) => REPLICAS[pattern].map((id) => startReplica(pattern, id))),
  );
  await wire.take({ ask: 2, type: "configure", config: await wanted() });
});

afterAll(async () => {
  for (const socket of sockets) socket.close();
  await Promise.all(replicas.map((replica) => replica.drain(100)));
  await wire.close();
  await store.stop();
  await broker.stop();
  folder.remove();
});

function url(pattern: Pattern, path: string): string {
  return `http://${HOST}:${ports.get(pattern)}${path}`;
}

function seen(fits: (event: TraceEvent) => boolean): Promise<TraceEvent> {
  return expect
    .poll(() => events.find(fits), { timeout: 5_000 })
    .toBeDefined()
    .then(() => events.find(fits) as TraceEvent);
}

/** A hop's chain of causes back to the beginning, by kind. */
function roots(event: TraceEvent): EventKind[][] {
  const causes = (event.causes ?? []).flatMap((seq) => events.find((one) => one.seq === seq) ?? []);
  if (causes.length === 0) return [[event.kind]];
  return causes.flatMap((cause) => roots(cause).map((chain) => [...chain, event.kind]));
}

const STORED: EventKind[] = ["sql.statement", "sql.result"];
const BROADCAST: EventKind[] = [...STORED, "redis.command", "redis.push"];

describe("one message followed over every link", () => {
  it("TR2 long polling: POST → INSERT → PUBLISH → push to both replicas → every answer", async () => {
    const polls = ["lp-1", "lp-2"].map(async (replica) => {
      const answer = await fetch(
        url("long-polling", `/messages?after=0&client=at-${replica}&replica=${replica}`),
      );
      return answer.json();
    });
    await seen((event) => event.from === "client:at-lp-1" && event.kind === "http.request");
    await seen((event) => event.from === "client:at-lp-2" && event.kind === "http.request");
    await fetch(url("long-polling", "/messages?client=sender&replica=lp-1"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"message":"lunch?"}',
    });
    await Promise.all(polls);
    const near = await seen((event) => event.to === "client:at-lp-1");
    const far = await seen((event) => event.to === "client:at-lp-2");
    const created = await seen((event) => event.to === "client:sender");
    expect(roots(near)).toContainEqual(["http.request", ...STORED, "http.response"]);
    expect(roots(far)).toContainEqual(["http.request", ...BROADCAST, "http.response"]);
    expect(roots(created)).toContainEqual(["http.request", ...STORED, "http.response"]);
    const told = events.filter((event) => event.messageIds?.includes("long-polling/lobby/1"));
    const story = told.filter((event) => event.kind !== "sql.result" || event.label === "id 1");
    expect(new Set(story.map((event) => event.traceId)).size).toBe(1);
    expect(events.filter((event) => event.kind === "raw")).toEqual([]);
  });

  it("TR3 WebSockets: send-message → INSERT → PUBLISH → push → every socket", async () => {
    for (const replica of ["ws-1", "ws-2"]) {
      const socket = io(url("web-sockets", ""), {
        query: { client: `at-${replica}`, replica, room: "lobby" },
        transports: ["websocket"],
        forceNew: true,
      });
      sockets.push(socket);
      await new Promise((resolve) => socket.once("messages", resolve));
    }
    const arrived = sockets.map(
      (socket) => new Promise((resolve) => socket.once("message", resolve)),
    );
    await sockets[0]?.emitWithAck("send-message", { text: "hello" });
    await Promise.all(arrived);
    const isMessage = (event: TraceEvent): boolean => event.info?.event === "message";
    const near = await seen((event) => isMessage(event) && event.to === "client:at-ws-1");
    const far = await seen((event) => isMessage(event) && event.to === "client:at-ws-2");
    expect(roots(near)).toContainEqual(["packet", ...STORED, "packet"]);
    expect(roots(far)).toContainEqual(["packet", ...BROADCAST, "packet"]);
    expect(near.traceId).toBe(far.traceId);
  });
});
