import { expect, it } from "vitest";
import { BackOff, REPLICA_BACK_OFF } from "./back-off.ts";

it("CT13 waits 1, 2, 4 … 30 s, and starts over after a healthy minute", () => {
  const backOff = new BackOff(REPLICA_BACK_OFF);
  const waits = Array.from({ length: 7 }, () => backOff.next(100) / 1_000);
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(backOff.next(59_999)).toBe(30_000);
  expect(backOff.next(60_000)).toBe(1_000);
  expect(backOff.next(100)).toBe(2_000);
});
