import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../embedded/testing/manual-clock.ts";
import { Ending } from "./ending.ts";

function begin(stop: () => Promise<void>) {
  const clock = new ManualClock();
  const done: string[] = [];
  const signals = new EventEmitter();
  const host = {
    on: (event: string, listener: (detail: unknown) => void) => signals.on(event, listener),
    exit: (code: number) => done.push(`exit ${code}`),
  };
  const ending = new Ending({
    clock,
    host,
    stop: () => {
      done.push("stop");
      return stop();
    },
    kill: () => done.push("kill"),
  });
  return { clock, done, ending, signal: (name: string) => signals.emit(name, name) };
}

const never = () => new Promise<void>(() => undefined);

describe("ending", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"])("CT6 %s stops in order, then leaves", async (name) => {
    const { clock, done, signal } = begin(async () => undefined);
    signal(name);
    await clock.advance(0);
    expect(done).toEqual(["stop", "exit 0"]);
  });

  it("CT6 the same Ctrl-C twice is one; a second one later does not wait", async () => {
    const { clock, done, signal } = begin(never);
    signal("SIGINT");
    await clock.advance(500);
    signal("SIGINT");
    expect(done).toEqual(["stop"]);
    await clock.advance(600);
    signal("SIGINT");
    expect(done).toEqual(["stop", "kill", "exit 130"]);
  });

  it("CT6 the end does not wait longer than 10 s", async () => {
    const { clock, done, signal } = begin(never);
    signal("SIGTERM");
    await clock.advance(9_999);
    expect(done).toEqual(["stop"]);
    await clock.advance(1);
    expect(done).toEqual(["stop", "kill", "exit 130"]);
  });

  it("CT6 a fault of ours ends it too, with code 1", async () => {
    const { clock, done, signal, ending } = begin(async () => undefined);
    signal("uncaughtException");
    await clock.advance(0);
    expect(done).toEqual(["stop", "exit 1"]);
    expect(ending.isEnding).toBe(true);
  });
});
