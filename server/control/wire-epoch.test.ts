import { describe, expect, it } from "vitest";
import type { WireMetrics } from "../../shared/contracts/metrics.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { WireEpoch } from "./wire-epoch.ts";

const NO_FIGURES = {} as Omit<WireMetrics, "at" | "since">;

const event = (seq: number, at: number, causes?: number[]): TraceEvent => ({
  seq,
  at,
  doneAt: at + 1,
  kind: "raw",
  from: "broker",
  to: "replica:lp-1",
  label: "",
  bytes: 0,
  ...(causes && { causes }),
});

describe("wire epoch", () => {
  it("CT14 leaves the first wire's events as they are", () => {
    const epoch = new WireEpoch();
    epoch.begin(1_000);
    const first = event(1, 5, [1]);
    expect(epoch.event(first)).toBe(first);
    expect(epoch.at(1_007)).toBe(7);
    expect(epoch.own(1)).toBe(1);
  });

  it("CT14 moves a later wire's numbers and times behind the first's", () => {
    const epoch = new WireEpoch();
    epoch.begin(1_000);
    epoch.event(event(40, 500));
    epoch.begin(2_000);
    expect(epoch.event(event(1, 5))).toMatchObject({ seq: 41, at: 1_005, doneAt: 1_006 });
    expect(epoch.event(event(2, 6, [1]))).toMatchObject({ seq: 42, causes: [41] });
    expect(epoch.time(5)).toBe(1_005);
    expect(epoch.own(42)).toBe(2);
    expect(epoch.own(40)).toBeUndefined();
  });

  it("ME23 says that figures begin anew with a later wire, until they are reset", () => {
    const epoch = new WireEpoch();
    const told = (why: "start" | "reset") =>
      epoch.metrics({ at: 9, since: { at: 4, why }, ...NO_FIGURES }).since;
    epoch.begin(1_000);
    expect(told("start")).toEqual({ at: 4, why: "start" });
    epoch.begin(2_000);
    expect(told("start")).toEqual({ at: 1_004, why: "wire-restart" });
    expect(told("reset")).toEqual({ at: 1_004, why: "reset" });
  });

  it("CT14 goes on over a third", () => {
    const epoch = new WireEpoch();
    for (const [origin, seq] of [
      [1_000, 10],
      [2_000, 10],
      [3_000, 1],
    ] as const) {
      epoch.begin(origin);
      epoch.event(event(seq, 0));
    }
    expect(epoch.event(event(2, 0))).toMatchObject({ seq: 22, at: 2_000 });
  });
});
