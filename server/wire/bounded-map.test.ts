import { expect, it } from "vitest";
import { BoundedMap } from "./bounded-map.ts";

it("TR6 forgets the oldest, and an entry set again is the newest", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  map.set("c", 4);
  expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([3, undefined, 4, 2]);
  map.delete("a");
  map.set("d", 5);
  map.set("e", 6);
  expect([map.get("c"), map.get("d"), map.get("e"), map.size]).toEqual([undefined, 5, 6, 2]);
});

/** The least time that many sets into a full map took, in ms. */
function timeOfSets(limit: number): number {
  const map = new BoundedMap<number, boolean>(limit);
  let next = 0;
  for (; next < 2 * limit; next++) map.set(next, true);
  const times = [1, 2, 3, 4].map(() => {
    const began = performance.now();
    for (let sets = 0; sets < 2_000; sets++) map.set(next++, true);
    return performance.now() - began;
  });
  return Math.min(...times);
}

it("TR6 forgets as quickly when it is large", () => {
  // Looking for the oldest entry past all that were deleted took 250 times as long.
  expect(timeOfSets(50_000)).toBeLessThan(40 * timeOfSets(64));
});
