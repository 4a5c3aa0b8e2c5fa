import { describe, expect, it } from "vitest";
import type { PartChange } from "./part.ts";
import { SupervisedPart } from "./supervised-part.ts";
import { reports } from "./testing/fixture.ts";
import { ManualClock } from "./testing/manual-clock.ts";

/** A part whose runs are made up: each ends when told, or does not start. */
function make(probe?: () => Promise<void>) {
  const clock = new ManualClock();
  const runs: { end(reason: string): void; stopped: boolean }[] = [];
  const world = { refuses: undefined as string | undefined };
  const part = new SupervisedPart({
    kind: "embedded",
    name: "the thing",
    address: { url: "x://a:b@h:1", publicUrl: "x://a@h:1", host: "h", port: 1 },
    note: "All is well.",
    clock,
    reports: reports(),
    ...(probe && { probe }),
    startRun: async () => {
      if (world.refuses) throw new Error(world.refuses);
      let end: (reason: string) => void = () => {};
      const exited = new Promise<string>((resolve) => {
        end = resolve;
      });
      const run = { end, stopped: false };
      runs.push(run);
      const stop = async () => {
        run.stopped = true;
        end("ended");
      };
      return { pid: 100 + runs.length, exited, stop };
    },
  });
  const changes: PartChange[] = [];
  part.onChange((change) => changes.push(change));
  return { part, clock, runs, world, changes };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a part of ours", () => {
  it("ST16 is started again with back-off when it ends", async () => {
    const { part, clock, runs, changes } = make();
    await part.start();
    const waits: (number | undefined)[] = [];
    for (let crash = 0; crash < 8; crash++) {
      runs.at(-1)?.end("was killed (SIGKILL)");
      await settle();
      expect(part).toMatchObject({ state: "down", pid: undefined });
      waits.push(clock.nextMs);
      await clock.advance(clock.nextMs ?? 0);
      expect(part).toMatchObject({ state: "up", note: "All is well.", pid: 102 + crash });
    }
    expect(waits).toEqual([200, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(changes.slice(0, 3)).toEqual([
      { state: "up", note: "All is well." },
      { state: "down", note: "The thing was killed (SIGKILL); it is started again in 0.2 s." },
      { state: "up", note: "All is well." },
    ]);
  });

  it("FT6 that is suspended stays down until it is resumed", async () => {
    const { part, clock, runs } = make();
    await part.start();
    await part.suspend();
    expect(part).toMatchObject({ state: "down", pid: undefined });
    expect(part.note).toContain("stopped by a fault");
    expect(runs[0]?.stopped).toBe(true);
    await clock.advance(600_000);
    expect(runs).toHaveLength(1);
    await part.resume();
    expect(part).toMatchObject({ state: "up", note: "All is well." });
    await part.resume();
    expect(runs).toHaveLength(2);
  });

  it("ST16 after a healthy minute back-off begins anew", async () => {
    const { part, clock, runs } = make();
    await part.start();
    for (const _ of [1, 2, 3]) {
      runs.at(-1)?.end("ended with code 1");
      await settle();
      await clock.advance(clock.nextMs ?? 0);
    }
    await clock.advance(60_000);
    runs.at(-1)?.end("ended with code 1");
    await settle();
    expect(clock.nextMs).toBe(200);
  });

  it("ST16 a restart that fails is tried again, and says why", async () => {
    const { part, clock, runs, world } = make();
    await part.start();
    world.refuses = "port 1 is in use";
    runs.at(-1)?.end("ended with code 1");
    await settle();
    await clock.advance(200);
    expect(part.note).toBe(
      "The thing could not be started (port 1 is in use); it is started again in 1 s.",
    );
    world.refuses = undefined;
    await clock.advance(1_000);
    expect(part.state).toBe("up");
  });

  it("ST17 a first start that fails is an error", async () => {
    const { part, world, clock } = make();
    world.refuses = "no such file";
    await expect(part.start()).rejects.toThrow("The thing could not be started: no such file");
    expect(clock.nextMs).toBeUndefined();
  });

  it("ST17 once stopped, nothing is started again", async () => {
    const { part, clock, runs, changes } = make();
    await part.start();
    await part.stop();
    expect(runs[0]?.stopped).toBe(true);
    expect(changes.at(-1)).toEqual({ state: "down", note: "Stopped." });
    await part.stop();
    expect(clock.nextMs).toBeUndefined();
    expect(runs).toHaveLength(1);
  });

  it("ST17 stopped while it waits, it stays down", async () => {
    const { part, clock, runs } = make();
    await part.start();
    runs[0]?.end("ended with code 1");
    await settle();
    await part.stop();
    await clock.advance(60_000);
    expect(runs).toHaveLength(1);
  });

  it("ST18 one that runs but does not answer is down, says so within 6 s, and comes back by itself", async () => {
    let isStopped = false;
    const probe = () => (isStopped ? new Promise<void>(() => {}) : Promise.resolve());
    const { part, clock, runs, changes } = make(probe);
    await part.start();
    await clock.advance(2_000);
    expect(part.state).toBe("up");
    isStopped = true;
    let silentMs = 0;
    while (part.state === "up" && silentMs < 60_000) {
      const stepMs = clock.nextMs ?? 60_000;
      silentMs += stepMs;
      await clock.advance(stepMs);
    }
    // Two seconds until it is asked, and twice two seconds of silence.
    expect(silentMs).toBe(6_000);
    expect(part.note).toBe(
      "The thing runs but does not answer (silent for 2 s); asked again every 2 s.",
    );
    isStopped = false;
    await clock.advance(2_000);
    expect(changes.at(-1)).toEqual({ state: "up", note: "All is well." });
    expect(runs).toHaveLength(1);
  });

  it("ST18 a single question that fails says nothing; none is asked of one that ended or was stopped", async () => {
    const asked: string[] = [];
    const { part, clock, runs, changes } = make(async () => {
      asked.push(part.state);
      if (asked.length === 1) throw new Error("busy");
    });
    await part.start();
    await clock.advance(2_000);
    await clock.advance(0);
    await clock.advance(2_000);
    expect(asked).toEqual(["up", "up", "up"]);
    expect(changes).toEqual([{ state: "up", note: "All is well." }]);
    runs[0]?.end("ended with code 1");
    await settle();
    expect(clock.nextMs).toBe(200);
    await clock.advance(200);
    await part.stop();
    await clock.advance(60_000);
    expect(asked).toHaveLength(3);
  });
});
