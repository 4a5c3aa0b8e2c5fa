import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Fault, LinkFault } from "../../../shared/faults/faults.ts";
import { NOTHING_ORDERED } from "../../../shared/hold/hold-state.ts";
import { createHandClock, type HandClock } from "../../../shared/patterns/testing/hand-clock.ts";
import type { Crosser, Cutting, Lane } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";
import { WireGate } from "../wire-gate.ts";

/** One direction of a connection that sends named hops, and tells what became of them. */
class TestLane implements Lane {
  /** `b`, `b delayed`, `b` twice when it was doubled. */
  readonly arrived: string[] = [];
  readonly lost: string[] = [];
  wasOpened = false;
  onArrival: (label: string) => void = () => undefined;
  readonly #parties: Omit<Crosser, "hop">;

  constructor(parties: Partial<Crosser> = {}) {
    this.#parties = { from: "broker", to: "replica:lp-1", pattern: "long-polling", ...parties };
  }

  get labels(): string[] {
    return this.arrived.map((one) => one.split(" ")[0] ?? "");
  }

  opened(): void {
    this.wasOpened = true;
  }

  send(label: string, facts: Partial<HopDraft> = {}, canDrop = true): void {
    gate.admit({
      ...this.#parties,
      lane: this,
      length: 10,
      hop: { kind: "redis.push", label, bytes: 10, ...facts },
      release: (perturbed, copies = 1) => {
        for (let n = 0; n < copies; n++) this.arrived.push([label, perturbed].join(" ").trim());
        this.onArrival(label);
      },
      ...(canDrop && { drop: { effect: "lost", run: () => this.lost.push(label) } }),
      lose: () => this.lost.push(label),
    });
  }
}

let clock: HandClock;
let gate: WireGate;
let cuttings: Cutting[];
let random: number;

const BROKER = { from: "replica:*", to: "broker" } as const;
const force = (...faults: LinkFault[]): void =>
  gate.faults.obey(
    faults.map((fault, index) => ({ id: `${fault.kind} ${index}`, fault, touched: 0 })),
  );
const hold = (held: boolean) => gate.traffic.obey({ ...NOTHING_ORDERED, held });
const reach = () => gate.faults.reach()[0];

beforeEach(() => {
  clock = createHandClock();
  cuttings = [];
  random = 0.5;
  gate = new WireGate({ clock, random: () => random, onCut: (one) => cuttings.push(one) });
});

describe("hops", () => {
  it("FT2 a delay counts from when a hop came, and keeps the order of its lane", () => {
    const lane = new TestLane();
    force({ kind: "delay", link: BROKER, delayMs: 100, jitterMs: 80 });
    random = 1;
    lane.send("slow");
    clock.pass(50);
    random = 0;
    lane.send("quick");
    clock.pass(100);
    expect(lane.arrived).toEqual([]);
    clock.pass(30);
    expect(lane.arrived).toEqual(["slow delayed", "quick delayed"]);
    expect(reach()).toMatchObject({ touched: 2, waiting: 0 });
  });

  it("FT1 other links are left alone, and the gate closes for none but while it must", () => {
    const other = new TestLane({ from: "store", to: "replica:lp-1" });
    expect(gate.isOpen()).toBe(true);
    force({ kind: "stall", link: BROKER });
    other.send("rows");
    expect(other.arrived).toEqual(["rows"]);
    expect(gate.isOpen()).toBe(false);
    force();
    expect(gate.isOpen()).toBe(true);
  });

  it("FT3 FT9 a stall holds heartbeats too, and all goes on in the order in which it came", () => {
    const [one, other] = [new TestLane(), new TestLane({ to: "replica:lp-2" })];
    const order: string[] = [];
    force({ kind: "stall", link: BROKER });
    one.send("a");
    other.send("b");
    one.send("ping", { info: { heartbeat: true } });
    for (const lane of [one, other]) lane.onArrival = (label) => order.push(label);
    clock.pass(600_000);
    expect([one.arrived, other.arrived]).toEqual([[], []]);
    expect(reach()).toMatchObject({ touched: 3, waiting: 3 });
    force();
    expect(order).toEqual(["a", "b", "ping"]);
    expect(one.arrived).toEqual(["a stalled", "ping stalled"]);
  });

  it("FT5 every nth push is lost or doubled; what sets up or keeps alive is not counted", () => {
    const lane = new TestLane();
    force({ kind: "drop", link: BROKER, every: 2 });
    for (const label of ["1", "2"]) lane.send(label);
    lane.send("subscribed", { info: { setup: true } });
    for (const label of ["3", "4"]) lane.send(label);
    lane.send("reply", {}, false);
    expect(lane.arrived).toEqual(["1", "subscribed", "3", "reply"]);
    expect(lane.lost).toEqual(["2", "4"]);
    force({ kind: "duplicate", link: BROKER, nth: 2 });
    for (const label of ["5", "6", "7"]) lane.send(label);
    expect(lane.arrived.slice(4)).toEqual(["5", "6", "6", "7"]);
  });

  it("FT7 delays add up, and a stall waits for all stalls", () => {
    const lane = new TestLane();
    const delay = { kind: "delay", link: BROKER, delayMs: 100 } as const;
    const stall = { kind: "stall", link: BROKER } as const;
    force(delay, { ...delay, delayMs: 50 }, stall, stall);
    lane.send("a");
    clock.pass(1_000);
    force(delay, { ...delay, delayMs: 50 }, stall);
    expect(lane.arrived).toEqual([]);
    force(delay, { ...delay, delayMs: 50 });
    expect(lane.arrived).toEqual(["a stalled"]);
    lane.send("b");
    clock.pass(149);
    expect(lane.labels).toEqual(["a"]);
    clock.pass(1);
    expect(lane.labels).toEqual(["a", "b"]);
  });

  it("FT8 a fault that has touched as many as it was to is spent, once nothing waits", () => {
    const lane = new TestLane();
    force({ kind: "delay", link: BROKER, delayMs: 100, count: 2 });
    for (const label of ["1", "2"]) lane.send(label);
    expect(reach()).toMatchObject({ touched: 2, waiting: 2, isSpent: false });
    clock.pass(100);
    expect(reach()).toMatchObject({ touched: 2, waiting: 0, isSpent: true });
    expect(gate.isOpen()).toBe(true);
    lane.send("3");
    expect(lane.arrived.at(-1)).toBe("3");
  });

  it("FT11 a count goes on where an earlier wire was", () => {
    const lane = new TestLane();
    const fault: LinkFault = { kind: "drop", link: BROKER, count: 3 };
    gate.faults.obey([{ id: "f", fault, touched: 2 }]);
    for (const label of ["1", "2"]) lane.send(label);
    expect([lane.lost, lane.arrived]).toEqual([["1"], ["2"]]);
  });

  it("TAP8 a lane where the beginning of a unit waits is told once both stages are open", () => {
    const lane = new TestLane();
    force({ kind: "stall", link: BROKER });
    gate.watch(lane);
    hold(true);
    force();
    expect(lane.wasOpened).toBe(false);
    hold(false);
    expect(lane.wasOpened).toBe(true);
  });

  it("HD1 FT2 what is let go by hand meets the faults of its link", () => {
    const lane = new TestLane();
    force({ kind: "delay", link: BROKER, delayMs: 100 });
    hold(true);
    lane.send("a");
    clock.pass(500);
    gate.traffic.step({ count: 1 });
    expect(lane.arrived).toEqual([]);
    clock.pass(100);
    expect(lane.arrived).toEqual(["a held"]);
  });
});

describe("connections", () => {
  const ends = { from: "replica:lp-1", to: "broker" } as const;

  it("FT4 FT8 a cut ends those that are open, then those that come, as many as it is to", () => {
    force({ kind: "cut", link: BROKER, how: "close", count: 2 });
    expect(gate.isOpen()).toBe(true);
    const [cutting] = cuttings;
    expect(cutting).toMatchObject({ how: "close" });
    expect(cutting?.isHit({ from: "replica:lp-1", to: "store" })).toBe(false);
    expect(cutting?.meets(ends)).toBe(true);
    expect(cutting?.isHit(ends)).toBe(true);
    expect(gate.cutFor(ends)).toBe("close");
    expect(gate.cutFor(ends)).toBeUndefined();
    expect(reach()).toMatchObject({ touched: 2, isSpent: true });
  });
});

describe("any interleaving", () => {
  const kinds: Fault["kind"][] = ["delay", "stall", "drop", "duplicate"];
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("send" as const), lane: fc.nat(3) }) },
    fc.record({
      type: fc.constant("fault" as const),
      kind: fc.constantFrom(...kinds),
      n: fc.nat(3),
    }),
    fc.record({ type: fc.constant("heal" as const), which: fc.nat(5) }),
    fc.record({ type: fc.constant("hold" as const), held: fc.boolean() }),
    fc.record({ type: fc.constant("step" as const), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ type: fc.constant("drop" as const), id: fc.nat(20) }),
    fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ type: fc.constant("kill" as const), lane: fc.nat(3) }),
  );

  const faultOf = (kind: (typeof kinds)[number], n: number): LinkFault => {
    const link = n === 0 ? BROKER : ({ from: `replica:lp-${n}`, to: "broker" } as const);
    if (kind === "delay") return { kind, link, delayMs: n * 70, jitterMs: 30 };
    if (kind === "stall") return { kind, link };
    return { kind: kind as "drop" | "duplicate", link, every: n + 1 };
  };

  it("FT9 HD1 HD3 nothing is lost that was not dropped, each lane keeps its order, nothing is left waiting", () => {
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 80 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (acts, luck) => {
          clock = createHandClock();
          gate = new WireGate({ clock, random: () => luck, onCut: () => undefined });
          const lanes = [1, 2, 1, 2].map((n) => new TestLane({ to: `replica:lp-${n}` }));
          const sent: string[][] = lanes.map(() => []);
          let inForce: { id: string; fault: LinkFault; touched: number }[] = [];
          for (const [turn, one] of acts.entries()) {
            if (one.type === "send") {
              sent[one.lane]?.push(`${turn}`);
              lanes[one.lane]?.send(`${turn}`);
            } else if (one.type === "fault") {
              inForce = [
                ...inForce,
                { id: `${turn}`, fault: faultOf(one.kind, one.n), touched: 0 },
              ];
              gate.faults.obey(inForce);
            } else if (one.type === "heal") {
              inForce = inForce.filter((_, index) => index !== one.which);
              gate.faults.obey(inForce);
            } else if (one.type === "hold") hold(one.held);
            else if (one.type === "step") gate.traffic.step({ count: one.count });
            else if (one.type === "drop") gate.traffic.step({ id: one.id, drop: true });
            else if (one.type === "pass") clock.pass(one.ms);
            else gate.leave(lanes[one.lane] as TestLane);
          }
          gate.faults.obey([]);
          hold(false);
          expect(gate.isOpen()).toBe(true);
          for (const [index, lane] of lanes.entries()) {
            const came = [...new Set(lane.labels), ...lane.lost];
            expect(came.sort(byTurn)).toEqual(sent[index]);
            expect(lane.labels).toEqual([...lane.labels].sort(byTurn));
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  const byTurn = (one: string, other: string): number => Number(one) - Number(other);
});
