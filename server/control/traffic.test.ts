/** Orders to hold, and what is heard of the wire meanwhile. */
import { expect, it } from "vitest";
import { type HoldOrder, type HoldState, NOTHING_HELD } from "../../shared/hold/hold-state.ts";
import { Traffic } from "./traffic.ts";

const HIT = { ...NOTHING_HELD, held: true, hit: { kind: "idle" } } as const satisfies HoldState;

/** A wire that answers when told to. */
function rig() {
  const rates: number[] = [];
  const asked: { order: HoldOrder; answer(state: HoldState): void; go(error: Error): void }[] = [];
  const traffic = new Traffic({
    wire: {
      state: { state: "up", note: "" },
      hold: (order) =>
        new Promise((answer, go) => {
          asked.push({ order, answer, go });
        }),
      held: () => Promise.reject(new Error("not asked here")),
      step: () => Promise.reject(new Error("not asked here")),
    },
    setClockRate: async (rate) => void rates.push(rate),
    mark: () => undefined,
    onChange: () => undefined,
  });
  const last = async () => {
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    const one = asked.shift();
    if (one === undefined) throw new Error("Nothing was asked.");
    return one;
  };
  return { traffic, rates, last };
}

it("HD10 a breakpoint that was hit before traffic was let go does not hold it anew", async () => {
  const { traffic, rates, last } = rig();
  traffic.heard(HIT);
  expect(traffic.order.held).toBe(true);
  await expect.poll(() => rates).toEqual([0]);
  const letGo = traffic.change({ held: false });
  const asked = await last();
  traffic.heard(HIT); // Said before the order came.
  asked.answer(NOTHING_HELD);
  expect((await letGo).held).toBe(false);
  expect(traffic.order.held).toBe(false);
  expect(rates.at(-1)).toBe(1);
});

it("HD13 clocks go on when the wire went while it was letting go", async () => {
  const { traffic, rates, last } = rig();
  const hold = traffic.change({ held: true });
  (await last()).answer({ ...NOTHING_HELD, held: true });
  await hold;
  const letGo = traffic.change({ held: false });
  (await last()).go(new Error("The wire was killed."));
  await expect(letGo).rejects.toThrow("killed");
  expect(rates).toEqual([0, 1]);
});

it("HD13 a wire that is up again is told what was ordered while it was away", async () => {
  const { traffic, last } = rig();
  const hold = traffic.change({ held: true });
  (await last()).answer({ ...NOTHING_HELD, held: true });
  await hold;
  traffic.wireIs("down");
  traffic.wireIs("up");
  const asked = await last();
  expect(asked.order.held).toBe(true);
  asked.answer({ ...NOTHING_HELD, held: true });
});
