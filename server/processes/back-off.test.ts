import { expect, it } from "vitest";
import { BackOff, PART_BACK_OFF, REPLICA_BACK_OFF } from "./back-off.ts";

it("CT13 waits 1, 2, 4 … 30 s, and starts over after a healthy minute", () => {
  const backOff = new BackOff(REPLICA_BACK_OFF);
  const waits = Array.from({ length: 7 }, () => backOff.next(100) / 1_000);
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(backOff.next(59_999)).toBe(30_000);
  expect(backOff.next(60_000)).toBe(1_000);
  expect(backOff.next(100)).toBe(2_000);
});

it("ST16 CT14 CT15 the first restart of a part, which carries everybody, is nearly at once", () => {
  const backOff = new BackOff(PART_BACK_OFF);
  const waits = Array.from({ length: 8 }, () => backOff.next(0) / 1_000);
  expect(waits).toEqual([0.2, 1, 2, 4, 8, 16, 30, 30]);
});
