import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasRedisServer, startEmbedded } from "./broker/testing/brokers.ts";
import { type LocateOptions, locateBroker, locateStore } from "./locate.ts";
import type { Part } from "./part.ts";
import { isRunning } from "./process-facts.ts";
import { nextChange, realClock, reports, temporaryFolder } from "./testing/fixture.ts";

const NO_PROGRAMS = "/nowhere";

let folder: ReturnType<typeof temporaryFolder>;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  folder.remove();
});

function options(env: LocateOptions["env"]) {
  return {
    env: { PATH: process.env.PATH, ...env },
    dataDir: folder.dir,
    clock: realClock,
    random: Math.random,
    reports: reports(),
  };
}

async function started<Kind extends string>(plan: { start(): Promise<Part<Kind>> }) {
  const part = await plan.start();
  closers.push(() => part.stop());
  return part;
}

async function ping(url: string): Promise<string> {
  const redis = new Redis(url, { retryStrategy: null });
  redis.on("error", () => {}); // the command rejects too
  try {
    return await redis.ping();
  } finally {
    redis.disconnect();
  }
}

describe("which broker", { timeout: 60_000 }, () => {
  it.skipIf(process.platform === "win32")(
    "ST18 a frozen one is said, and when it answers again",
    async () => {
      const broker = await started(await locateBroker(options({ PATH: NO_PROGRAMS })));
      const [down, up] = [nextChange(broker, "down"), nextChange(broker, "up")];
      process.kill(broker.pid ?? 0, "SIGSTOP");
      expect((await down).note).toMatch(
        /^The embedded broker runs but does not answer \(.+\); asked/,
      );
      process.kill(broker.pid ?? 0, "SIGCONT");
      await up;
    },
  );

  it("BR18 the embedded one where there is no Redis; ST16 it comes back on its port", async () => {
    const broker = await started(await locateBroker(options({ PATH: NO_PROGRAMS })));
    expect(broker).toMatchObject({ kind: "embedded", state: "up", host: "127.0.0.1" });
    expect(broker.note).toBe("Embedded: speaks Redis' protocol, Pub/Sub only.");
    expect(broker.url).toBe(`redis://127.0.0.1:${broker.port}`);
    const { pid } = broker;
    const [down, up] = [nextChange(broker, "down"), nextChange(broker, "up")];
    process.kill(pid ?? 0, "SIGKILL");
    expect((await down).note).toBe(
      "The embedded broker was killed (SIGKILL); it is started again in 0.2 s.",
    );
    await up;
    expect(await ping(broker.url)).toBe("PONG");
    expect(broker.pid).not.toBe(pid);
  });

  it.skipIf(!hasRedisServer())(
    "BR18 BR21 a Redis on PATH: on loopback, nothing on disk; ends when stopped",
    async () => {
      const broker = await started(await locateBroker(options({})));
      expect(broker).toMatchObject({ kind: "redis", state: "up", host: "127.0.0.1" });
      expect(broker.note).toMatch(
        /^redis-server \d+\.\d+\.\d+, found on this machine and started for the playground\.$/,
      );
      const redis = new Redis(broker.url);
      closers.push(() => redis.disconnect());
      expect(await redis.config("GET", "save")).toEqual(["save", ""]);
      expect(await redis.config("GET", "appendonly")).toEqual(["appendonly", "no"]);
      expect(await redis.config("GET", "bind")).toEqual(["bind", "127.0.0.1"]);
      redis.disconnect();
      const pid = broker.pid ?? 0;
      await broker.stop();
      expect(await isRunning(pid)).toBe(false);
    },
  );

  it.skipIf(!hasRedisServer()).each(["", '{"pid":', "null"])(
    "BR21 what a failing machine left of the last Redis (%j) keeps nobody from starting",
    async (text) => {
      mkdirSync(join(folder.dir, "broker"));
      writeFileSync(join(folder.dir, "broker", "run.json"), text);
      const broker = await started(await locateBroker(options({})));
      expect(broker).toMatchObject({ kind: "redis", state: "up" });
    },
  );

  it.skipIf(process.platform === "win32")(
    "BR18 a Redis on PATH that does not start is passed over, unless it was asked for",
    async () => {
      const program = '#!/bin/sh\n[ "$1" = --version ] && echo v=7.9.9 || exit 3\n';
      writeFileSync(join(folder.dir, "redis-server"), program, { mode: 0o755 });
      const broken = options({ PATH: folder.dir });
      const broker = await started(await locateBroker(broken));
      expect(broker.kind).toBe("embedded");
      expect(broken.reports.said.progress).toEqual([
        "Redis-server could not be started: ended with code 3. Using the embedded broker instead.",
      ]);
      const asked = await locateBroker(options({ PATH: folder.dir, PLAYGROUND_BROKER: "redis" }));
      await expect(asked.start()).rejects.toThrow("Redis-server could not be started");
    },
  );

  it("BR18 PLAYGROUND_BROKER=embedded passes over any Redis", async () => {
    const env = { PLAYGROUND_BROKER: "embedded", REDIS_URL: "redis://127.0.0.1:1" };
    expect(await locateBroker(options(env))).toMatchObject({ kind: "embedded" });
  });

  it.each([
    [{ PLAYGROUND_BROKER: "redis", PATH: NO_PROGRAMS }, "there is no redis-server on PATH"],
    [{ PLAYGROUND_BROKER: "kafka" }, "must be embedded or redis, not kafka"],
    [{ REDIS_URL: "rediss://h" }, "asks for TLS (rediss://h), which is not supported yet."],
  ])("BR18 BR19 %o is refused", async (env, words) => {
    await expect(locateBroker(options(env))).rejects.toThrow(words);
  });

  it("BR20 a given Redis is asked again and again: down, up, down", async () => {
    const reserved = createServer();
    await new Promise<void>((resolve) => reserved.listen(0, "127.0.0.1", resolve));
    const { port } = reserved.address() as { port: number };
    await new Promise<void>((resolve) => reserved.close(() => resolve()));
    const url = `redis://:secret@127.0.0.1:${port}`;
    const broker = await started(await locateBroker(options({ REDIS_URL: url })));
    expect(broker).toMatchObject({ kind: "redis", url, state: "down", pid: undefined });
    expect(broker.note).toBe(
      `Redis at redis://127.0.0.1:${port} does not answer (connect ECONNREFUSED 127.0.0.1:${port}); asked again every 2 s.`,
    );
    const up = nextChange(broker, "up");
    const redis = await startEmbedded({ password: "secret", port });
    expect((await up).note).toBe(`Redis at redis://127.0.0.1:${port}, as given.`);
    const down = nextChange(broker, "down");
    await redis.stop();
    expect((await down).note).toContain("does not answer");
  });

  it("BR20 a given Redis with another password is down, and says why", async () => {
    const redis = await startEmbedded({ password: "secret" });
    closers.push(() => redis.stop());
    const url = `redis://:wrong@127.0.0.1:${redis.port}`;
    const broker = await started(await locateBroker(options({ REDIS_URL: url })));
    expect(broker.state).toBe("down");
    expect(broker.note).toContain("WRONGPASS");
    expect(broker.note).not.toContain("wrong@");
  });

  it("BR20 a given Redis that takes connections but never answers is down", async () => {
    const silent = createServer((socket) => closers.push(() => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    closers.push(() => silent.close());
    const { port } = silent.address() as { port: number };
    const url = `redis://127.0.0.1:${port}`;
    const broker = await started(await locateBroker(options({ REDIS_URL: url })));
    expect(broker).toMatchObject({ state: "down" });
    expect(broker.note).toContain("does not answer (silent for 2 s); asked again every 2 s");
  });
});

describe("which store", { timeout: 60_000 }, () => {
  it("ST14 a DATABASE_URL that asks for TLS is refused", async () => {
    const env = { DATABASE_URL: "postgres://a:secret@h/x?sslmode=require" };
    await expect(locateStore(options(env))).rejects.toThrow("not supported yet");
  });

  it("ST15 a given Postgres that does not answer is down, by name", async () => {
    const env = { DATABASE_URL: "postgres://me:secret@127.0.0.1:1/x" };
    const store = await started(await locateStore(options(env)));
    expect(store).toMatchObject({ kind: "postgres", state: "down", url: env.DATABASE_URL });
    expect(store.note).toBe(
      "Postgres at postgres://me@127.0.0.1:1/x does not answer (connect ECONNREFUSED 127.0.0.1:1); asked again every 2 s.",
    );
  });

  it("ST15 a given Postgres that answers is up, until it goes", async () => {
    const own = await started(await locateStore(options({})));
    const given = await started(await locateStore(options({ DATABASE_URL: own.url })));
    expect(given).toMatchObject({ kind: "postgres", state: "up", pid: undefined });
    expect(given.note).toBe(`Postgres at ${own.publicUrl}, as given.`);
    const down = nextChange(given, "down");
    await own.stop();
    expect((await down).note).toContain("ECONNREFUSED");
  });
});
