import { expect, it, vi } from "vitest";
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

it("ME19 forgets the oldest after a clear, too", () => {
  const map = new BoundedMap<number, boolean>(2);
  for (const key of [1, 2, 3]) map.set(key, true);
  map.clear();
  for (const key of [4, 5, 6]) map.set(key, true);
  expect([4, 5, 6].map((key) => map.has(key))).toEqual([false, true, true]);
});

/** Sets entries and takes each out again, one much later than the others; nothing is left. */
function churn(map: BoundedMap<number, object>, watch: (kept: object) => void): void {
  for (let key = 0; key <= map.limit; key++) map.set(key, {});
  for (let key = 0; key <= map.limit; key++) map.delete(key);
  const kept = {};
  watch(kept);
  map.set(-1, kept);
  for (let key = 0; key < 1_000; key++) {
    if (key === 500) map.delete(-1);
    map.set(key, {});
    map.delete(key);
  }
}

it("ME19 keeps nothing alive that it has forgotten", async () => {
  const map = new BoundedMap<number, object>(8);
  const collected = vi.fn();
  const registry = new FinalizationRegistry(collected);
  churn(map, (kept) => registry.register(kept, undefined));
  // An iterator left standing in the map would keep its outgrown tables, and all that was in them.
  await vi.waitFor(
    () => {
      new Uint8Array(32 * 1024 * 1024); // Until the collector comes by.
      expect(collected).toHaveBeenCalled();
    },
    { timeout: 4_000, interval: 1 },
  );
  expect(map.size).toBe(0);
});
