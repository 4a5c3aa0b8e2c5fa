/** The broker and the message store that all subjects of one run share. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateBroker, locateStore } from "../embedded/locate.ts";
import { systemClock } from "../processes/system-clock.ts";

export interface Backends {
  broker: { url: string; host: string; port: number; words: string };
  storeUrl: string;
  stop(): Promise<void>;
}

/** A real Redis where there is one on PATH, else the embedded broker; always the embedded Postgres. */
export async function startBackends(say: (words: string) => void): Promise<Backends> {
  const dataDir = await mkdtemp(join(tmpdir(), "playground-bench-"));
  const options = {
    env: { PATH: process.env.PATH, PLAYGROUND_BROKER: process.env.PLAYGROUND_BROKER },
    dataDir,
    clock: systemClock,
    random: Math.random,
    reports: { progress: say, log: () => undefined },
  };
  const store = await (await locateStore(options)).start();
  const broker = await (await locateBroker(options)).start();
  const { url, host, port, note } = broker;
  return {
    broker: { url, host, port, words: note },
    storeUrl: store.url,
    async stop() {
      await Promise.all([broker.stop(), store.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
