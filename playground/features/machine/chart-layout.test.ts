import { describe, expect, it } from "vitest";
import { PATTERNS } from "../../../shared/contracts/ids.ts";
import { CLIENT_CHARTS } from "../../../shared/patterns/statechart.ts";
import { BOX, CHART_WIDTH, layOut } from "./chart-layout.ts";

/** About the width of a letter of an arrow's label, px. */
const LETTER_PX = 6.4;

describe("the picture of a statechart", () => {
  it.each(PATTERNS)(
    "MC1 %s: every arrow between shown states is drawn, each on its own way",
    (pattern) => {
      const chart = CLIENT_CHARTS[pattern];
      const { edges, states } = layOut(chart);
      expect(edges.map(({ edge }) => edge)).toEqual(chart.edges);
      expect(new Set(edges.map(({ path }) => path)).size).toBe(edges.length);
      expect(states.map(({ name }) => name)).toEqual(chart.states.map(({ name }) => name));
    },
  );

  it.each(PATTERNS)("MC1 %s: labels stay within the picture and off the boxes", (pattern) => {
    const { edges, states, height } = layOut(CLIENT_CHARTS[pattern]);
    for (const { label } of edges) {
      const width = Math.max(...label.lines.map((line) => line.length)) * LETTER_PX;
      const [left, right] =
        label.anchor === "end" ? [label.x - width, label.x] : [label.x, label.x + width];
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(CHART_WIDTH);
      expect(label.y).toBeLessThanOrEqual(height);
      const isBeside = right <= BOX.x || left >= BOX.x + BOX.width;
      const isBetween = states.every(({ y }) => label.y < y || label.y - 9 > y + BOX.height);
      expect(isBeside || isBetween, label.lines.join()).toBe(true);
    }
  });
});
