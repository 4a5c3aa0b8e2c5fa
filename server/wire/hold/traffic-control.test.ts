import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type HoldOrder, NOTHING_ORDERED } from "../../../shared/hold/hold-state.ts";
import { createHandClock, type HandClock } from "../../../shared/patterns/testing/hand-clock.ts";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import type { Crosser, Lane } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";
import { TrafficControl } from "./traffic-control.ts";

/** One direction of a connection that sends named hops, and tells what became of them. */
class TestLane implements Lane {
  readonly arrived: string[] = [];
  readonly lost: string[] = [];
  wasOpened = false;
  readonly #control: TrafficControl;
  readonly #parties: Omit<Crosser, "hop">;

  constructor(control: TrafficControl, parties: Partial<Crosser> = {}) {
    this.#control = control;
    this.#parties = { from: "replica:lp-1", to: "broker", pattern: "long-polling", ...parties };
  }

  opened(): void {
    this.wasOpened = true;
  }

  send(label: string, facts: Partial<HopDraft> = {}): void {
    const hop: HopDraft = { kind: "redis.command", label, bytes: 10, ...facts };
    this.admit(label, hop);
  }

  admit(label: string, hop: HopDraft | undefined): void {
    this.#control.admit({
      ...this.#parties,
      lane: this,
      length: 10,
      hop,
      release: () => this.arrived.push(label),
      drop: { effect: "lost", run: () => this.lost.push(label) },
      lose: () => this.lost.push(label),
    });
  }
}

let clock: HandClock;
let control: TrafficControl;

const order = (wanted: Partial<HoldOrder>) => control.obey({ ...NOTHING_ORDERED, ...wanted });
const labels = () => control.state().waiting.map(({ label }) => label);

beforeEach(() => {
  clock = createHandClock();
  control = new TrafficControl(clock);
});

describe("holding", () => {
  it("HD1 nothing arrives until it is let through, and all of it in order afterwards", () => {
    const [one, other] = [new TestLane(control), new TestLane(control)];
    expect(control.isOpen()).toBe(true);
    order({ held: true });
    expect(control.isOpen()).toBe(false);
    one.send("a");
    other.send("b");
    one.send("c");
    expect(labels()).toEqual(["a", "b", "c"]);
    expect([one.arrived, other.arrived]).toEqual([[], []]);
    order({});
    expect([one.arrived, other.arrived]).toEqual([["a", "c"], ["b"]]);
    expect(control.isOpen()).toBe(true);
  });

  it("HD2 set-up and heartbeats go at once, and behind what waits on their lane", () => {
    const [free, busy] = [new TestLane(control), new TestLane(control)];
    order({ held: true });
    free.send("HELLO", { info: { setup: true } });
    busy.send("PUBLISH");
    busy.send("PING", { info: { heartbeat: true } });
    busy.admit("sync", undefined);
    expect(free.arrived).toEqual(["HELLO"]);
    expect(busy.arrived).toEqual([]);
    control.step({ count: 1 });
    expect(busy.arrived).toEqual(["PUBLISH", "PING", "sync"]);
  });

  it("HD2 a heartbeat passes packets that wait, but not parts of frames", () => {
    const lane = new TestLane(control, { to: "client:ws-client-1" });
    order({ held: true });
    lane.send("message 1", { kind: "packet" });
    lane.send("ping", { kind: "packet", info: { heartbeat: true } });
    expect(lane.arrived).toEqual(["ping"]);
    lane.send("fragment", { kind: "frame" });
    lane.send("ping 2", { kind: "packet", info: { heartbeat: true } });
    lane.send("ping frame", { kind: "frame", info: { heartbeat: true } });
    expect(lane.arrived).toEqual(["ping", "ping frame"]);
  });

  it("HD3 a lane keeps its order: what is behind another may not go", () => {
    const [one, other] = [new TestLane(control), new TestLane(control)];
    order({ held: true });
    one.send("first");
    one.send("second");
    other.send("third");
    expect(control.step({ id: 2 })).toBe("behind");
    expect(control.step({ id: 3 })).toMatchObject([{ label: "third" }]);
    expect(control.step({ count: 9 })).toMatchObject([{ label: "first" }, { label: "second" }]);
    expect(control.step({ id: 1 })).toBe("unknown-step");
  });

  it("HD4 the same answer to several clients is one step", () => {
    order({ held: true });
    const answer = { kind: "http.response", outcome: "idle", label: "200 []" } as const;
    const clients = ["a", "b"].map(
      (name) => new TestLane(control, { from: "replica:lp-1", to: `client:${name}` }),
    );
    for (const client of clients) client.send("200 []", answer);
    new TestLane(control, { from: "replica:lp-2", to: "client:c" }).send("200 []", answer);
    expect(control.state().waiting).toMatchObject([
      { count: 2, clients: ["client:a", "client:b"], bytes: 20 },
      { count: 1, from: "replica:lp-2" },
    ]);
    control.step({ count: 1 });
    expect(clients.map(({ arrived }) => arrived)).toEqual([["200 []"], ["200 []"]]);
  });

  it("HD5 the next of a message is known by its key or its trace", () => {
    order({ held: true });
    const lane = () => new TestLane(control);
    lane().send("other", { traceId: "t2" });
    lane().send("INSERT", { traceId: "t1" });
    lane().send("id 1", { traceId: "t1", messageIds: ["long-polling/lobby/1"] });
    lane().send("push 1", { messageIds: ["long-polling/lobby/1"] });
    const next = () => control.step({ message: "long-polling/lobby/1" });
    expect(next()).toMatchObject([{ label: "INSERT" }]);
    expect(next()).toMatchObject([{ label: "id 1" }]);
    expect(control.step({ message: "t1" })).toMatchObject([{ label: "push 1" }]);
    expect(next()).toEqual([]);
    expect(labels()).toEqual(["other"]);
  });

  it("HD6 HD8 what is dropped, or whose receiver is gone, does not arrive", () => {
    const [one, other] = [new TestLane(control), new TestLane(control)];
    order({ held: true });
    one.send("dropped");
    one.send("kept");
    other.send("lost");
    control.step({ id: 1, drop: true });
    control.leave(other);
    order({});
    expect([one.arrived, one.lost]).toEqual([["kept"], ["dropped"]]);
    expect([other.arrived, other.lost]).toEqual([[], ["lost"]]);
  });

  it("HD14 nothing is stepped while nothing is held", () => {
    expect(control.step({ count: 1 })).toBe("not-held");
  });
});

describe("pace and breakpoints", () => {
  it("HD9 HD11 protocol time stands still while held, and runs slower at a pace", async () => {
    const beganMs = control.protocolNow();
    order({ held: true });
    clock.pass(60_000);
    expect(control.protocolNow()).toBe(beganMs);
    order({ paceMs: 1_000 });
    clock.pass(10_000);
    expect(control.protocolNow()).toBe(beganMs + 1_000);
    order({});
    clock.pass(1_000);
    expect(control.protocolNow()).toBe(beganMs + 2_000);
  });

  it("HD11 at a pace each hop takes its time, and goes by itself", () => {
    const lane = new TestLane(control);
    order({ paceMs: 1_000 });
    lane.send("a");
    clock.pass(600);
    lane.send("b");
    expect(control.state().waiting).toMatchObject([{ label: "a" }, { label: "b" }]);
    clock.pass(400);
    expect(lane.arrived).toEqual(["a"]);
    clock.pass(600);
    expect(lane.arrived).toEqual(["a", "b"]);
  });

  it("HD12 auto-step lets one go every so often", () => {
    const lane = new TestLane(control);
    order({ held: true, autoStepMs: 2_000 });
    for (const label of ["a", "b", "c"]) lane.send(label);
    clock.pass(4_000);
    expect(lane.arrived).toEqual(["a", "b"]);
    order({ held: true });
    clock.pass(60_000);
    expect(lane.arrived).toEqual(["a", "b"]);
  });

  it.each([
    [{ kind: "hop", hop: "redis.push" }, { kind: "redis.push" }],
    [{ kind: "idle" }, { outcome: "idle" }],
    [
      { kind: "message", message: "long-polling/lobby/7" },
      { messageIds: ["long-polling/lobby/7"] },
    ],
  ] as const)("HD10 a breakpoint on %o holds the hop it is hit by", (breakpoint, facts) => {
    const lane = new TestLane(control);
    order({ breakpoints: [breakpoint] });
    lane.send("before");
    lane.send("hit", facts as Partial<HopDraft>);
    lane.send("after");
    expect(lane.arrived).toEqual(["before"]);
    expect(control.state()).toMatchObject({ held: true, hit: breakpoint });
    expect(labels()).toEqual(["hit", "after"]);
  });

  it("HD10 a participant, a reconnect and a loss are breakpoints too", () => {
    order({ breakpoints: [{ kind: "participant", participant: "replica:lp-2" }] });
    new TestLane(control, { from: "broker", to: "replica:lp-2" }).send("push");
    expect(control.isHeld).toBe(true);

    const event = { from: "client:a", to: "replica:lp-1" } as unknown as TraceEvent;
    order({ breakpoints: [{ kind: "reconnect" }] });
    control.saw({ ...event, kind: "socket.open" });
    expect(control.isHeld).toBe(false);
    control.saw({ ...event, kind: "socket.open" });
    expect(control.isHeld).toBe(true);

    order({ breakpoints: [{ kind: "loss" }] });
    control.saw({ ...event, kind: "packet", info: { lost: true } });
    expect(control.state()).toMatchObject({ held: true, hit: { kind: "loss" } });
  });
});

describe("any interleaving", () => {
  const act = fc.oneof(
    fc.record({ type: fc.constant("send" as const), lane: fc.nat(3), upkeep: fc.boolean() }),
    fc.record({ type: fc.constant("order" as const), held: fc.boolean(), paced: fc.boolean() }),
    fc.record({ type: fc.constant("step" as const), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ type: fc.constant("pick" as const), id: fc.nat(20), drop: fc.boolean() }),
    fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ type: fc.constant("kill" as const), lane: fc.nat(3) }),
  );

  it("HD1 HD3 HD8 loses nothing that was neither dropped nor cut off, and keeps each lane's order", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        clock = createHandClock();
        control = new TrafficControl(clock);
        const lanes = [0, 1, 2, 3].map(() => new TestLane(control));
        const sent: string[][] = lanes.map(() => []);
        for (const [turn, one] of acts.entries()) {
          if (one.type === "send") {
            const label = `${turn}`;
            sent[one.lane]?.push(label);
            lanes[one.lane]?.send(label, one.upkeep ? { info: { setup: true } } : {});
          } else if (one.type === "order") {
            order({ held: one.held, paceMs: one.paced ? 400 : 0 });
          } else if (one.type === "step") control.step({ count: one.count });
          else if (one.type === "pick") control.step({ id: one.id, drop: one.drop });
          else if (one.type === "pass") clock.pass(one.ms);
          else {
            const lane = lanes[one.lane];
            if (lane) control.leave(lane);
          }
        }
        order({});
        expect(control.isOpen()).toBe(true);
        expect(control.state()).toMatchObject({ waiting: [], steps: 0 });
        for (const [index, lane] of lanes.entries()) {
          expect([...lane.arrived, ...lane.lost].sort(byTurn)).toEqual(sent[index]);
          expect(lane.arrived).toEqual([...lane.arrived].sort(byTurn));
        }
      }),
      { numRuns: 300 },
    );
  });

  const byTurn = (one: string, other: string): number => Number(one) - Number(other);
});
