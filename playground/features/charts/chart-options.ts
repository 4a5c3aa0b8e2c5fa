/** uPlot's options for our charts: colours from the tokens, a quiet grid, markers behind the lines. */
import type uPlot from "uplot";
import type { Marker } from "../../../shared/contracts/control.ts";
import type { Side } from "../../../shared/contracts/ids.ts";
import type { Sample } from "../../stores/metrics-store.ts";
import { shortNumber } from "../../ui/numbers.ts";

export interface Line {
  pattern: Side;
  name: string;
  read: (sample: Sample) => number | null;
  isDashed?: boolean;
}

interface ChartShape {
  width: number;
  height: number;
  lines: readonly Line[];
  marks: () => readonly Mark[];
  spans: () => readonly Span[];
  /** What was done where the pointer is. */
  onPoint(marks: readonly Mark[]): void;
}

export interface Mark {
  /** Seconds before the newest point, as a negative number. */
  x: number;
  tone: Marker["tone"];
  text: string;
}

/** While a fault was in force, seconds before the newest point. */
export interface Span {
  fromX: number;
  toX: number;
}

/** Nearer ones are one line, and are named together. */
const NEAR_PX = 4;

/** Steps of the time axis, seconds. */
const WHOLE_STEPS_S = [5, 10, 20, 30, 60, 120, 180];
const HUES = { "long-polling": "--lp", "web-sockets": "--ws", target: "--target" } as const;

export function optionsOf({
  width,
  height,
  lines,
  marks,
  spans,
  onPoint,
}: ChartShape): uPlot.Options {
  const token = tokens();
  const axis = {
    stroke: token("--mute"),
    font: `11px ${token("--mono")}`,
    grid: { stroke: token("--line-soft"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [6, 14, 0, 0],
    legend: { show: false },
    cursor: { points: { size: 5 }, y: false, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (_chart, _low, high) => [0, roomAbove(high)] } },
    axes: [
      {
        ...axis,
        size: 22,
        space: 60,
        incrs: WHOLE_STEPS_S,
        values: (_chart, splits) => splits.map(agoWords),
      },
      { ...axis, size: 40, space: 26, values: (_chart, splits) => splits.map(shortNumber) },
    ],
    series: [
      {},
      ...lines.map(({ pattern, name, isDashed }) => ({
        label: name,
        stroke: token(HUES[pattern]),
        width: 1.6,
        points: { show: false },
        ...(isDashed === true ? { dash: [4, 3] } : {}),
      })),
    ],
    hooks: {
      drawAxes: [
        (chart) => drawSpans(chart, spans(), token("--bad")),
        (chart) => drawMarks(chart, marks(), token),
      ],
      setCursor: [(chart) => onPoint(marksNear(chart, marks()))],
    },
  };
}

function tokens(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

function roomAbove(high: number | null): number {
  return high === null || high <= 0 ? 1 : high * 1.12;
}

function agoWords(seconds: number): string {
  if (seconds === 0) return "now";
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function marksNear(chart: uPlot, marks: readonly Mark[]): readonly Mark[] {
  const pointerPx = chart.cursor.left ?? -1;
  if (pointerPx < 0) return [];
  return marks.filter(({ x }) => Math.abs(chart.valToPos(x, "x") - pointerPx) <= NEAR_PX);
}

/** Hatched, as in the diagram: by shape as well as by colour. */
function drawSpans(chart: uPlot, spans: readonly Span[], colour: string): void {
  const { ctx, bbox } = chart;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.12;
  ctx.lineWidth = 2 * devicePixelRatio;
  for (const { fromX, toX } of spans) {
    const from = Math.max(bbox.left, chart.valToPos(fromX, "x", true));
    const to = Math.min(right, chart.valToPos(toX, "x", true));
    if (to <= from) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, bbox.top, to - from, bbox.height);
    ctx.clip();
    ctx.beginPath();
    // All stripes begin at the same places, so that spans that overlap are one.
    const step = 9 * devicePixelRatio;
    for (let x = bbox.left - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

function drawMarks(
  chart: uPlot,
  marks: ReturnType<ChartShape["marks"]>,
  token: (name: string) => string,
): void {
  const { ctx, bbox } = chart;
  ctx.save();
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const { x, tone } of marks) {
    const at = Math.round(chart.valToPos(x, "x", true));
    if (at < bbox.left || at > bbox.left + bbox.width) continue;
    // A failure is drawn wherever it is; of the others near each other, the first.
    if (tone !== "bad" && at - lastAt < NEAR_PX * devicePixelRatio) continue;
    lastAt = at;
    ctx.strokeStyle = tone === "bad" ? token("--bad") : token("--line-strong");
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
