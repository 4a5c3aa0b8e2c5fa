/** Two minutes of traffic at a glance: requests and frames a second, and what was done when. */
import { useStore } from "zustand";
import type { Side } from "../../../shared/contracts/ids.ts";
import { type HistoryPoint, metricsStore } from "../../stores/metrics-store.ts";
import { shownSides, viewStore } from "../../stores/view-store.ts";
import styles from "./TransportBar.module.css";

const SPAN_MS = 120_000;
const WIDTH = 240;
const HEIGHT = 26;
const BAR = (WIDTH * 1_000) / SPAN_MS;

export function Pulse() {
  const history = useStore(metricsStore, (state) => state.history);
  const markers = useStore(metricsStore, (state) => state.markers);
  const shown = useStore(viewStore, (view) => view.shown);
  const now = history.at(-1)?.at;
  if (now === undefined) return null;
  const patterns = shownSides(shown);
  const points = history.filter(({ at }) => now - at < SPAN_MS);
  const highest = Math.max(4, ...points.map((point) => activityOf(point, patterns)));
  const xOf = (at: number) => WIDTH - ((now - at) / SPAN_MS) * WIDTH;
  return (
    <svg
      className={styles.pulse}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Requests and frames a second, over the last two minutes"
    >
      {points.map((point) => (
        <Column
          key={point.at}
          point={point}
          patterns={patterns}
          x={xOf(point.at)}
          highest={highest}
        />
      ))}
      {markers
        .filter(({ at }) => now - at < SPAN_MS && at <= now)
        .map((marker) => (
          <line
            key={`${marker.at} ${marker.text}`}
            className={styles.tick}
            data-tone={marker.tone}
            x1={xOf(marker.at)}
            x2={xOf(marker.at)}
            y1={0}
            y2={HEIGHT}
          >
            <title>{marker.text}</title>
          </line>
        ))}
    </svg>
  );
}

function activityOf({ patterns }: HistoryPoint, shown: readonly Side[]): number {
  return shown.reduce((sum, pattern) => sum + (patterns[pattern]?.activity ?? 0), 0);
}

interface ColumnProps {
  point: HistoryPoint;
  patterns: readonly Side[];
  x: number;
  highest: number;
}

/** One second: its patterns stacked. */
function Column({ point, patterns, x, highest }: ColumnProps) {
  let top = HEIGHT;
  return patterns.map((pattern) => {
    const activity = point.patterns[pattern]?.activity ?? 0;
    if (activity <= 0) return null;
    const height = Math.max(1, (activity / highest) * HEIGHT);
    top -= height;
    return (
      <rect
        key={pattern}
        data-pattern={pattern}
        className={styles.column}
        x={x - BAR}
        y={top}
        width={BAR - 0.4}
        height={height}
      />
    );
  });
}
