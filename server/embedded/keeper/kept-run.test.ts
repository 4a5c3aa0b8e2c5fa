import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isRunning } from "../process-facts.ts";
import { realClock, reports } from "../testing/fixture.ts";
import { startKept } from "./kept-run.ts";

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

it.skipIf(process.platform !== "linux")(
  "BR21 a server that outlives its keeper and cannot be stopped is told, and breaks nothing",
  { timeout: 20_000 },
  async () => {
    const { said, log } = reports();
    let passingMs = 0; // at each look at the clock
    let nowMs = 0;
    const now = () => {
      nowMs += passingMs;
      return nowMs;
    };
    const run = await startKept({
      spec: {
        command: "/bin/sh",
        args: ["-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"],
        cwd: "/",
        env: {},
        stopSignal: "SIGTERM",
        killAfterMs: 1_000,
      },
      ready: /ready/,
      readyTimeoutMs: 10_000,
      // Time flies: there is none left to kill it in.
      clock: { ...realClock, now },
      log,
    });
    passingMs = 60_000;
    process.kill(parentOf(run.pid), "SIGKILL");
    expect(await run.exited).toBe("lost its keeper");
    expect(said.log.at(-1)).toBe(`Process ${run.pid} cannot be killed.`);
    process.kill(run.pid, "SIGKILL");
    await expect.poll(() => isRunning(run.pid)).toBe(false);
  },
);
