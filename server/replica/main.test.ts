import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PATTERNS } from "../../shared/contracts/ids.ts";
import type { ReplicaReady, ReplicaStats } from "../../shared/contracts/replica-admin.ts";
import { type Backend, brokers, startTestStore } from "./testing/backends.ts";
import { type Cable, layCable } from "./testing/cable.ts";
import { startCluster } from "./testing/cluster.ts";
import { newRoom, poll, send } from "./testing/long-poll-client.ts";
import { until } from "./testing/until.ts";
import { waitAt } from "./testing/waiting.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

describe("a replica as a process", () => {
  const backends: Backend[] = [];
  const cables: Cable[] = [];
  let env: Record<string, string>;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    const startBroker = brokers["embedded broker"];
    if (!startBroker) throw new Error("no broker to start");
    backends.push(await startBroker(), await startTestStore());
    for (const { url } of backends) cables.push(await layCable(url));
    const [broker, store] = cables;
    env = { PATTERN: "long-polling", REPLICA_ID: "lp-7" };
    if (broker && store) Object.assign(env, { REDIS_URL: broker.url, DATABASE_URL: store.url });
  });
  afterEach(() => {
    for (const cable of cables) cable.mend();
    child?.kill("SIGKILL");
    child = undefined;
  });
  afterAll(async () => {
    await Promise.all(cables.map((cable) => cable.stop()));
    await Promise.all(backends.map((backend) => backend.stop()));
  });

  function spawn(changes: Record<string, string | undefined> = {}): ChildProcess {
    child = fork(MAIN, {
      env: { ...process.env, ...env, ...changes },
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    return child;
  }
  async function ready(started: ChildProcess) {
    const [said] = (await once(started, "message")) as [ReplicaReady];
    expect(said.type).toBe("ready");
    const admin = `http://127.0.0.1:${said.adminPort}/admin`;
    const stats = async () => (await (await fetch(`${admin}/stats`)).json()) as ReplicaStats;
    const holds = (count: number) => until(async () => (await stats()).held === count);
    return { url: `http://127.0.0.1:${said.port}`, stats, holds };
  }

  it.each(["long-polling", "web-sockets"])(
    "LP33 says where it listens, and serves %s",
    async (PATTERN) => {
      const { url, stats } = await ready(spawn({ PATTERN, SETTINGS: '{"pollTimeoutMs":150}' }));
      const { status, message } = await send(url, newRoom(), "hello");
      expect([status, message.server]).toEqual([201, "lp-7"]);
      expect((await stats()).life).toBe("ready");
      if (PATTERN === "long-polling") {
        expect((await poll(url, { room: newRoom(), after: 0 })).messages).toEqual([]);
      }
    },
  );

  it.each([
    { PATTERN: "smoke-signals" },
    { REDIS_URL: "" },
    { DATABASE_URL: "" },
    { SETTINGS: '{"pollTimeoutMs":1}' },
  ])("LP33 ends at once when it is told %j", async (wrong) => {
    const [code] = await once(spawn(wrong), "exit");
    expect(code).toBe(1);
  });

  it("LP34 drains on SIGTERM, and leaves SIGINT to its parent", async () => {
    const started = spawn();
    const { url, stats } = await ready(started);
    const parked = poll(url, { room: newRoom(), after: 0 });
    await until(async () => (await stats()).held === 1);
    started.kill("SIGINT");
    expect((await stats()).held).toBe(1);
    started.kill("SIGTERM");
    expect(await parked).toMatchObject({ status: 200, messages: [] });
    expect((await once(started, "exit"))[0]).toBe(0);
  });

  it("LP34 ends when its parent is gone", async () => {
    const started = spawn();
    await ready(started);
    started.disconnect();
    await once(started, "exit");
  });

  it.each(PATTERNS)(
    "LP40 catches up at once when it was frozen, and its broker gave it up: %s",
    async (pattern) => {
      const started = spawn({ PATTERN: pattern });
      const { url, holds } = await ready(started);
      const room = newRoom();
      const { given } = await waitAt(pattern, { url, holds }, { room, after: 0, count: 2 });
      const leaving = new AbortController();
      const left = fetch(`${url}/messages?room=${room}&after=0`, { signal: leaving.signal });
      if (pattern === "long-polling") await holds(2);
      const [broker, store] = backends;
      if (!broker || !store) throw new Error("there are no backends");
      const others = await startCluster({ pattern, count: 1, broker, store });
      const [other = ""] = others.urls;

      started.kill("SIGSTOP");
      leaving.abort();
      await left.catch(() => undefined);
      await send(other, room, "still on its way to it");
      cables[0]?.cut();
      await send(other, room, "given up by the broker");
      cables[0]?.mend();
      started.kill("SIGCONT");
      expect(await given).toEqual([1, 2]);
      await holds(0);
      await others.stop();
    },
    60_000,
  );

  it("LP35 starts without broker and store, and is whole once they come", async () => {
    for (const cable of cables) cable.cut();
    const { url, stats } = await ready(spawn());
    expect(await stats()).toMatchObject({ life: "ready", broker: "down", store: "down" });
    expect((await send(url, newRoom(), "too early")).status).toBe(503);
    for (const cable of cables) cable.mend();
    await until(async () => {
      const { broker, store } = await stats();
      return broker === "up" && store === "up";
    });
    expect((await send(url, newRoom(), "now")).status).toBe(201);
  });
});
