/** The benchmark's arithmetic, and one cheap row from opening to table. */
import { describe, expect, it } from "vitest";
import type { Backends } from "./backends.ts";
import { runRow } from "./harness.ts";
import { type Report, rowText, toMarkdown } from "./report.ts";
import type { BenchContext, BenchRow } from "./row.ts";
import { foldRows } from "./rows/fold.ts";
import { ROWS, rowsFor } from "./rows/table.ts";
import { addsAtMost, atLeast, atMost, below } from "./rows/targets.ts";
import { median, quantile, ratios, spread } from "./stats.ts";

const context: BenchContext = {
  backends: {} as Backends, // These rows use none.
  size: "quick",
  say: () => undefined,
};

describe("figures", () => {
  it("BN1 medians, spreads and ratios are of rounds", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 2, 3, 10])).toBe(2.5);
    expect(quantile([0, 10], 0.95)).toBeCloseTo(9.5);
    expect(median([])).toBeNaN();
    expect(spread([3, 1, 2])).toEqual([1, 3]);
    // The second round was slow for both: the ratio does not show it.
    expect(median(ratios([2, 20, 2], [1, 10, 1]))).toBe(2);
  });

  it("BN2 a target is met or missed at its limit", () => {
    const rounds = { ours: [9, 90], theirs: [10, 100] };
    expect(verdictOf(atLeast(0.9, "ours", "theirs"), rounds)).toBe(true);
    expect(verdictOf(atLeast(0.91, "ours", "theirs"), rounds)).toBe(false);
    expect(verdictOf(atMost(0.9, "ours", "theirs"), rounds)).toBe(true);
    expect(verdictOf(addsAtMost(5.5, "theirs", "ours", "µs"), rounds)).toBe(true);
    expect(verdictOf(addsAtMost(5.4, "theirs", "ours", "µs"), rounds)).toBe(false);
    expect(verdictOf(below(49, "ours", "µs"), rounds)).toBe(false);
    expect(verdictOf(below(50, "nobody", "µs"), rounds)).toBe(false);
  });
});

function verdictOf(target: ReturnType<typeof below>, rounds: Record<string, number[]>): boolean {
  return target.isMet(target.figure(rounds));
}

describe("rows", () => {
  it("BN3 subjects take turns, every other round backwards, and are closed", async () => {
    const order: string[] = [];
    const measure = (name: string) => async () => order.push(name);
    const row: BenchRow = {
      id: "turns",
      what: "Turns",
      unit: "n",
      rounds: { quick: 2, full: 9 },
      open: async () => ({
        subjects: { a: measure("a"), b: measure("b") },
        close: async () => void order.push("closed"),
      }),
    };
    const { rounds } = await runRow(row, context);
    expect(order).toEqual(["a", "b", "b", "a", "closed"]);
    expect(rounds).toEqual({ a: [1, 4], b: [2, 3] });
  });

  it("BN4 a row that fails says why, and claims no figure and no target", async () => {
    const row: BenchRow = {
      id: "broken",
      what: "Broken",
      unit: "n",
      rounds: { quick: 1, full: 1 },
      targets: [below(1, "a", "n")],
      open: () => Promise.reject(new Error("no such server")),
    };
    const result = await runRow(row, context);
    expect(result).toMatchObject({ failure: "no such server", rounds: {}, targets: [] });
    expect(rowText(result)).toContain("not measured: no such server");
    expect(toMarkdown({ ...empty, rows: [result] })).toContain("- Broken: not measured");
  });

  it("BN5 a real row measures something, and stands in the table", async () => {
    const [row] = foldRows;
    if (row === undefined) throw new Error("There is no such row.");
    const result = await runRow({ ...row, rounds: { quick: 1, full: 1 } }, context);
    const micros = result.rounds["metrics fold"]?.[0] ?? 0;
    expect(micros).toBeGreaterThan(0);
    expect(micros).toBeLessThan(100);
    expect(toMarkdown({ ...empty, rows: [result] })).toMatch(/\| metrics fold \| [\d.]+ µs \|/);
  });

  it("BN5 every row has a name of its own, and a quick run leaves the slow ones out", () => {
    const ids = ROWS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(rowsFor("full", undefined)).toEqual(ROWS);
    expect(rowsFor("quick", undefined).map(({ id }) => id)).not.toContain("lp-deliveries-5000");
    expect(rowsFor("quick", "lp-deliveries-5000")).toHaveLength(1);
  });
});

const empty: Report = {
  date: "2026-01-01",
  size: "quick",
  machine: "a machine",
  node: "20",
  broker: "a broker.",
  loadBefore: 0,
  rows: [],
};
