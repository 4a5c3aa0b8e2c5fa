import { describe, expect, it } from "vitest";
import { SETTINGS } from "../../../shared/contracts/settings.ts";
import { stopsBetween } from "./stops.ts";

describe("stops of a slider", () => {
  const ranges = Object.entries(SETTINGS).filter(([, setting]) => setting.type === "ms");

  it.each(ranges)(
    "PG4 %s: round, ascending, from its least to its greatest value",
    (_, setting) => {
      if (setting.type !== "ms") throw new Error("not a duration");
      const stops = stopsBetween(setting.min, setting.max);
      expect(stops[0]).toBe(setting.min);
      expect(stops.at(-1)).toBe(setting.max);
      expect(stops).toContain(setting.default);
      expect([...new Set(stops)].sort((a, b) => a - b)).toEqual(stops);
    },
  );
});
