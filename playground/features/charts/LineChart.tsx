/** One uPlot chart of the metrics' history, with markers, redrawn as points come. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type HistoryPoint, metricsStore } from "../../stores/metrics-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import { useSize } from "../../ui/use-size.ts";
import { useThemeName } from "../../ui/use-theme-name.ts";
import styles from "./Charts.module.css";

export interface Line {
  name: string;
  /** The colour token. */
  hue: string;
  isDashed: boolean;
  valueOf(point: HistoryPoint): number | null;
}

interface LineChartProps {
  title: string;
  unit: string;
  history: readonly HistoryPoint[];
  lines: readonly Line[];
}

const HEIGHT_PX = 128;

export function LineChart({ title, unit, history, lines }: LineChartProps) {
  const { ref, width } = useSize<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const theme = useThemeName();
  const names = lines.map(({ name }) => name).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: lines are told apart by their names; data comes below.
  useEffect(() => {
    const box = ref.current;
    if (box === null || width === 0) return;
    plot.current = new uPlot(optionsOf(lines, unit, width), dataOf(history, lines), box);
    return () => {
      plot.current?.destroy();
      plot.current = null;
    };
  }, [names, unit, width, theme]);

  useEffect(() => {
    plot.current?.setData(dataOf(history, lines));
  }, [history, lines]);

  return (
    <figure className={styles.chart}>
      <figcaption>{title}</figcaption>
      <div ref={ref} role="img" aria-label={`${title}: ${lastWords(history, lines, unit)}`} />
    </figure>
  );
}

function dataOf(history: readonly HistoryPoint[], lines: readonly Line[]): uPlot.AlignedData {
  const newest = history.at(-1)?.at ?? 0;
  return [
    history.map(({ at }) => (at - newest) / 1_000),
    ...lines.map((line) => history.map((point) => line.valueOf(point))),
  ];
}

function optionsOf(lines: readonly Line[], unit: string, width: number): uPlot.Options {
  const ink = token("--mute");
  const grid = { stroke: token("--line-soft"), width: 1 };
  const axis = { stroke: ink, font: `11px ${token("--mono")}`, grid, ticks: { show: false } };
  return {
    width,
    height: HEIGHT_PX,
    padding: [6, 4, 0, 0],
    cursor: { points: { size: 5 } },
    legend: { show: lines.length > 1, live: false, markers: { width: 2 } },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, size: 22, values: (_plot, ticks) => ticks.map(agoWords) },
      { ...axis, size: 40, values: (_plot, ticks) => ticks.map((v) => shortNumber(v) + unit) },
    ],
    series: [
      {},
      ...lines.map(({ name, hue, isDashed }) => ({
        label: name,
        stroke: token(hue),
        width: 1.6,
        spanGaps: true,
        points: { show: false },
        ...(isDashed ? { dash: [4, 3] } : {}),
      })),
    ],
    hooks: { draw: [drawMarkers] },
  };
}

function drawMarkers(plot: uPlot): void {
  const { history, markers } = metricsStore.getState();
  const newest = history.at(-1)?.at ?? 0;
  const oldest = history[0]?.at ?? 0;
  const { ctx, bbox } = plot;
  ctx.save();
  for (const { at, tone } of markers) {
    if (at < oldest || at > newest) continue;
    const x = plot.valToPos((at - newest) / 1_000, "x", true);
    ctx.strokeStyle = token(tone === "bad" ? "--bad" : "--line-strong");
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function agoWords(seconds: number): string {
  if (seconds === 0) return "now";
  return seconds <= -120 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
}

function lastWords(history: readonly HistoryPoint[], lines: readonly Line[], unit: string): string {
  const last = history.at(-1);
  if (last === undefined) return "no figures yet";
  return lines
    .map((line) => {
      const value = line.valueOf(last);
      return `${line.name} ${value === null ? "none" : shortNumber(value) + unit}`;
    })
    .join(", ");
}
