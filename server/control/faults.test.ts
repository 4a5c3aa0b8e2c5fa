/** Faults as the control plane keeps them, over a wire that only writes down what it is told. */
import { expect, it } from "vitest";
import type { FaultOrder } from "../../shared/faults/fault-state.ts";
import type { Fault } from "../../shared/faults/faults.ts";
import { createHandClock } from "../../shared/patterns/testing/hand-clock.ts";
import { Faults } from "./faults.ts";
import { Refusal } from "./refusal.ts";
import type { Parts } from "./running-part.ts";

const STALL: Fault = { kind: "stall", link: { from: "replica:*", to: "broker" } };

function rig() {
  const clock = createHandClock();
  const told: string[][] = [];
  const marks: string[] = [];
  const state: { state: "up" | "down"; note: string } = { state: "up", note: "" };
  const world = { state, fails: false };
  const faults = new Faults({
    wire: {
      state: world.state,
      now: () => clock.now(),
      setFaults: async (orders: FaultOrder[]) => {
        if (world.fails) throw new Error("it says nothing");
        told.push(orders.map(({ id, touched }) => `${id} ${touched}`));
        return orders.map(({ id, touched }) => ({ id, touched, waiting: 0, isSpent: false }));
      },
    },
    hands: {
      parts: { broker: { publicUrl: "redis://them:6379" } } as unknown as Parts,
      replicas: {
        all: [],
        find: (id) => {
          throw new Refusal(404, "unknown-replica", `There is no replica called “${id}”.`);
        },
      },
    },
    hasTarget: false,
    standing: () => [],
    clock,
    mark: (text) => marks.push(text),
    onChange: () => undefined,
  });
  return { faults, clock, told, marks, world };
}

it("FT8 a fault with an end heals by itself, and says so", async () => {
  const { faults, clock, told, marks } = rig();
  await faults.add({ ...STALL, forMs: 5_000 } as Fault);
  clock.pass(4_999);
  expect(faults.state.faults).toHaveLength(1);
  clock.pass(1);
  await expect.poll(() => faults.state).toMatchObject({ faults: [], past: [{ kind: "stall" }] });
  expect(told).toEqual([["fault-1 0"], []]);
  expect(marks.at(-1)).toBe("Over: All replicas ↔ broker: nothing crosses, all waits, for 5 s.");
});

it("FT8 a fault that is spent is over; one that was healed meanwhile is not ended twice", async () => {
  const { faults } = rig();
  const { id } = await faults.add({ ...STALL, kind: "cut", count: 2 } as Fault);
  const spent = [{ id, touched: 2, waiting: 0, isSpent: true }];
  faults.heard(spent);
  faults.heard(spent);
  await expect.poll(() => faults.state.faults).toEqual([]);
  expect(faults.state.past).toMatchObject([{ id, touched: 2 }]);
  faults.forgetPast();
  expect(faults.state.past).toEqual([]);
  await expect(faults.heal(id)).rejects.toMatchObject({ status: 404 });
});

it("FT11 a wire that is down is told when it is up, with how far each has reached", async () => {
  const { faults, told, world } = rig();
  world.state.state = "down";
  const { id } = await faults.add(STALL);
  expect(told).toEqual([]);
  faults.heard([{ id, touched: 7, waiting: 1, isSpent: false }]);
  world.state.state = "up";
  faults.wireIsUp();
  await expect.poll(() => told).toEqual([[`${id} 7`]]);
});

it("FT12 what cannot be is refused, and changes nothing", async () => {
  const { faults, world } = rig();
  const refused = (fault: Fault, status: number, words: RegExp) =>
    expect(faults.add(fault)).rejects.toMatchObject({
      status,
      message: expect.stringMatching(words),
    });
  await refused({ kind: "stop", target: "broker" }, 409, /redis:\/\/them.*Cut its links instead/);
  await refused({ kind: "freeze", target: "replica:lp-7" }, 404, /lp-7/);
  world.fails = true;
  await expect(faults.add(STALL)).rejects.toThrow("it says nothing");
  expect(faults.state).toEqual({ faults: [], past: [] });
  world.fails = false;
  await Promise.all(Array.from({ length: 64 }, () => faults.add(STALL)));
  await refused(STALL, 409, /64 faults already/);
  expect(await faults.healAll()).toBe(64);
});
