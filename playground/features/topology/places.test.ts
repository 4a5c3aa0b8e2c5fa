import { describe, expect, it } from "vitest";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { type Box, type Places, placesOf } from "./places.ts";

const STRIP = { width: 740, height: 100, line: 23 };
const COUNTS = [0, 1, 2, 3, 5, 8, 16];

function boxesOf({ lanes, broker, store }: Places): Box[] {
  const own = lanes.flatMap(({ clients, balancer, replicas }) => [clients, balancer, ...replicas]);
  return [...own, broker, store];
}

function overlap(a: Box, b: Box): boolean {
  const apart =
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  return !apart;
}

function counts(long: number, sockets: number): { pattern: Pattern; replicas: number }[] {
  return [
    { pattern: "long-polling", replicas: long },
    { pattern: "web-sockets", replicas: sockets },
  ];
}

describe("the strip's places", () => {
  it.each(COUNTS.flatMap((a) => COUNTS.map((b) => [a, b] as const)))(
    "PG16 boxes stand apart and inside the strip: %i and %i replicas",
    (long, sockets) => {
      const boxes = boxesOf(placesOf(counts(long, sockets), STRIP));
      expect(boxes).toHaveLength(long + sockets + 6);
      for (const box of boxes) {
        expect(box.width).toBeGreaterThan(12);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(STRIP.width);
        expect(box.y + box.height).toBeLessThanOrEqual(STRIP.height);
      }
      const clashes = boxes.filter((a, i) => boxes.some((b, j) => i < j && overlap(a, b)));
      expect(clashes).toEqual([]);
    },
  );

  it("PG16 a box says less where there is less room", () => {
    const details = [2, 5, 16].map((n) => placesOf(counts(n, 1), STRIP).lanes[0]?.detail);
    expect(details).toEqual(["full", "short", "number"]);
  });

  it("PG17 links of several columns end at the group, not among its boxes", () => {
    expect(placesOf(counts(2, 3), STRIP).lanes.map(({ group }) => group === null)).toEqual([
      true,
      false,
    ]);
  });
});
