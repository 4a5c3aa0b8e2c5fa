/** A broker and a message store for tests: Redis where there is one, and a Postgres of our own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** A Postgres with an empty database; `TEST_DATABASE_URL` names one that runs already. */
export async function startTestStore(): Promise<Backend> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
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
