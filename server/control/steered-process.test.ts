/** A steered process whose child is the test's: what happens when it goes at a bad moment. */
import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { ManualClock } from "../embedded/testing/manual-clock.ts";
import { SteeredProcess, type SteeredState } from "./steered-process.ts";

interface Told {
  type: string;
  wanted: number;
  ask: number;
}

class FakeChild extends EventEmitter {
  readonly pid = 1_000_000_000;
  readonly connected = true;
  readonly told: Told[] = [];

  send(message: Told): void {
    this.told.push(message);
  }

  kill(signal: NodeJS.Signals): void {
    this.emit("exit", null, signal);
  }

  /** Answers what it was asked last. */
  answer(): void {
    const ask = this.told.at(-1)?.ask;
    this.emit("message", { type: "answer", ask, answer: "done" });
  }
}

function make() {
  const clock = new ManualClock();
  const children: FakeChild[] = [];
  const states: SteeredState[] = [];
  const world = { wanted: 1 };
  const steered = new SteeredProcess<object, string, boolean>({
    name: "thing",
    clock,
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child as unknown as ChildProcess;
    },
    started: (message) => (message === "started" ? true : undefined),
    configureAsk: () => ({ type: "configure", wanted: world.wanted }),
    onSaid: () => undefined,
    onState: (state) => states.push(state),
  });
  const last = () => children.at(-1) ?? new FakeChild();
  const settle = () => clock.advance(0);
  const bringUp = async () => {
    last().emit("message", "started");
    await settle();
    last().answer();
    await settle();
  };
  return { steered, clock, children, states, world, last, settle, bringUp };
}

async function running() {
  const made = make();
  const started = made.steered.start();
  await made.bringUp();
  await started;
  return made;
}

it("CT16 a change that its end interrupts is no failure: the next one is started with it", async () => {
  const { steered, clock, world, last, settle, bringUp } = await running();
  world.wanted = 2;
  const changed = steered.steer();
  await settle();
  last().kill("SIGKILL");
  await changed;
  expect(steered.state).toMatchObject({ state: "down" });
  await clock.advance(200);
  await bringUp();
  expect(last().told.at(0)).toMatchObject({ type: "configure", wanted: 2 });
  expect(steered.state.state).toBe("up");
});

it("CT14 one that ends before it is as wanted is known to have ended at once", async () => {
  const { steered, last, settle } = make();
  const started = steered.start();
  last().emit("message", "started");
  await settle();
  last().kill("SIGKILL");
  await expect(started).rejects.toThrow(/^The thing was killed \(SIGKILL\)\.$/);
});

it("CT15 one that is slow to take what it missed while it started is up all the same", async () => {
  const { steered, clock, world, last, settle } = make();
  const started = steered.start();
  last().emit("message", "started");
  await settle();
  world.wanted = 2;
  await steered.steer();
  last().answer();
  await settle();
  expect(last().told).toHaveLength(2);
  await clock.advance(10_000);
  await started;
  expect(steered.state).toEqual({
    state: "up",
    note: "The thing did not answer within 10 s.",
  });
});

it("CT6 nothing is started after the end", async () => {
  const { steered, children, clock, last, settle } = await running();
  last().kill("SIGKILL");
  await settle();
  steered.kill();
  await clock.advance(60_000);
  await steered.start();
  expect(children).toHaveLength(1);
});

it("CT15 one that starts slowly is told what is wanted once it has started, and waited for until then", async () => {
  const { steered, clock, last, settle, bringUp } = make();
  const started = steered.start();
  await clock.advance(14_000);
  expect(last().told).toEqual([]);
  await bringUp();
  await started;
  await settle();
  expect(steered.state.state).toBe("up");
});
