/** A parent that dies right after it started a child is gone before the child can listen for that. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const NOWHERE = {
  PATTERN: "long-polling",
  REDIS_URL: "redis://127.0.0.1:1",
  DATABASE_URL: "postgres://127.0.0.1:1/none",
};

it.each(["../wire/main", "../fleet/main", "../replica/main", "../embedded/broker/broker-main"])(
  "CT7 %s ends at once when it finds its parent gone",
  { timeout: 60_000 },
  async (main) => {
    const file = fileURLToPath(new URL(`${main}.ts`, import.meta.url));
    const child = fork(file, [], {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, ...NOWHERE },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const alarm = setTimeout(() => child.kill("SIGKILL"), 45_000);
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
    clearTimeout(alarm);
  },
);
