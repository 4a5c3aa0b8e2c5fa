import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { POLICIES } from "./policies.ts";

const candidates = fc.array(fc.record({ connections: fc.nat(50) }), {
  minLength: 1,
  maxLength: 16,
});

describe("balancing policies", () => {
  it("LB6 round-robin gives each candidate the same share", () => {
    fc.assert(
      fc.property(candidates, fc.nat(1_000), (all, first) => {
        const chosen = all.map((_each, index) => POLICIES["round-robin"](all, first + index));
        expect(new Set(chosen).size).toBe(all.length);
      }),
    );
  });

  it("LB6 least-connections gives nobody more while another has fewer", () => {
    fc.assert(
      fc.property(candidates, fc.nat(1_000), (all, turn) => {
        const chosen = POLICIES["least-connections"](all, turn);
        expect(chosen?.connections).toBe(Math.min(...all.map((each) => each.connections)));
      }),
    );
  });

  it("LB6 least-connections takes turns among equals", () => {
    const all = [{ connections: 1 }, { connections: 0 }, { connections: 0 }];
    const chosen = [0, 1, 2].map((turn) =>
      all.indexOf(POLICIES["least-connections"](all, turn) ?? { connections: -1 }),
    );
    expect(new Set(chosen)).toEqual(new Set([1, 2]));
  });

  it.each(["round-robin", "least-connections"] as const)(
    "LB6 %s has no choice among none",
    (name) => {
      expect(POLICIES[name]([], 3)).toBeUndefined();
    },
  );
});
