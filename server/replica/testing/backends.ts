/** A broker and a message store for tests: Redis where there is one, and a Postgres of our own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import {
  hasRedisServer,
  startEmbedded,
  startRedis,
} from "../../embedded/broker/testing/brokers.ts";
import { startEmbeddedStore } from "../../embedded/store/embedded-store.ts";
import { systemClock } from "../system-clock.ts";

export interface Backend {
  url: string;
  stop(): Promise<void>;
}

export const brokers: Record<string, () => Promise<Backend>> = {
  "embedded broker": () => startEmbedded().then(toBackend),
  ...(hasRedisServer() && { Redis: () => startRedis({}).then(toBackend) }),
};

function toBackend({ port, stop }: { port: number; stop(): Promise<void> }): Backend {
  return { url: `redis://127.0.0.1:${port}`, stop };
}

/** A Postgres with an empty database; `TEST_DATABASE_URL` names a server that runs already, for haste. */
export async function startTestStore(): Promise<Backend> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return startDatabase(given);
  const dataDir = mkdtempSync(join(tmpdir(), "replica-store-"));
  const said: string[] = [];
  const reports = { progress: () => undefined, log: (text: string) => said.push(text) };
  const store = await startEmbeddedStore({
    dataDir,
    clock: systemClock,
    random: Math.random,
    reports,
  });
  return {
    url: store.url,
    async stop() {
      await store.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function startDatabase(serverUrl: string): Promise<Backend> {
  const url = new URL(serverUrl);
  url.pathname = `/test_${Math.random().toString(36).slice(2)}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
  return {
    url: url.href,
    async stop() {
      await admin.query(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`);
      await admin.end();
    },
  };
}
