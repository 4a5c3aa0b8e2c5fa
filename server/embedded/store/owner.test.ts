/** What happens to the servers we run when we are killed, alone or together with their keepers. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forkEntry } from "../../processes/fork-entry.ts";
import { hasRedisServer } from "../broker/testing/brokers.ts";
import { isRunning } from "../process-facts.ts";
import { temporaryFolder } from "../testing/fixture.ts";
import type { OwnerReady } from "./testing/owner-main.ts";

describe("a playground that is killed", { timeout: 90_000 }, () => {
  let folder: ReturnType<typeof temporaryFolder>;
  const owners: ChildProcess[] = [];
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) {
      if (owner.exitCode !== null || owner.signalCode !== null) continue;
      owner.send("stop");
      await once(owner, "exit");
    }
    folder.remove();
  });

  async function start(broker: "embedded" | "redis") {
    const env = { DATA: folder.dir, PLAYGROUND_BROKER: broker, REDIS_URL: "", DATABASE_URL: "" };
    const owner = forkEntry({ entry: "./testing/owner-main", from: import.meta.url, env });
    owners.push(owner);
    const [ready] = (await once(owner, "message")) as [OwnerReady];
    return { owner, ready };
  }

  const gone = (pid: number) =>
    expect.poll(() => isRunning(pid), { timeout: 30_000, interval: 50 }).toBe(false);

  it("ST9 BR17 its store and embedded broker end with it, and the next takes over", async () => {
    const { owner, ready } = await start("embedded");
    expect(ready.broker.kind).toBe("embedded");
    owner.kill("SIGKILL");
    await gone(ready.store.pid);
    await gone(ready.broker.pid);
    const next = await start("embedded");
    expect(next.ready).toMatchObject({ takenOver: true, broker: { kind: "embedded" } });
  });

  it.skipIf(!hasRedisServer() || process.platform !== "linux")(
    "ST10 BR21 keepers killed as well: the next owner stops Postgres and Redis, then starts its own",
    async () => {
      const { owner, ready } = await start("redis");
      expect(ready.broker.kind).toBe("redis");
      const keepers = [ready.broker.pid, ready.store.pid].map(parentOf);
      owner.kill("SIGKILL");
      for (const pid of keepers) process.kill(pid, "SIGKILL");
      await once(owner, "exit");
      for (const pid of keepers) await gone(pid);
      expect(await isRunning(ready.store.pid)).toBe(true);
      expect(await isRunning(ready.broker.pid)).toBe(true);
      const next = await start("redis");
      expect(await isRunning(ready.store.pid)).toBe(false);
      expect(await isRunning(ready.broker.pid)).toBe(false);
      expect(next.ready.takenOver).toBe(true);
      expect(next.ready.log).toContain(
        `stopping Postgres ${ready.store.pid}, left by an earlier playground`,
      );
    },
  );
});

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
