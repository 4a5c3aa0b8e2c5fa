/** How busy the wire was over the last minute: requests and frames a second, pattern by pattern. */
import { useStore } from "zustand";
import { PATTERNS } from "../../../shared/contracts/ids.ts";
import { type HistoryPoint, metricsStore } from "../../stores/metrics-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import styles from "./TransportBar.module.css";

const POINTS = 60;
const STEP_PX = 3;
const HEIGHT_PX = 26;

export function Pulse() {
  const history = useStore(metricsStore, (metrics) => metrics.history);
  const points = history.slice(-POINTS);
  const last = points.at(-1);
  const top = Math.max(1, ...points.map(total));
  return (
    <figure className={styles.pulse}>
      <svg width={POINTS * STEP_PX} height={HEIGHT_PX} aria-hidden="true">
        {points.map((point, index) => (
          <Bar
            key={point.at}
            point={point}
            top={top}
            x={(POINTS - points.length + index) * STEP_PX}
          />
        ))}
      </svg>
      <figcaption>{last === undefined ? "–" : `${shortNumber(total(last))} hops/s`}</figcaption>
    </figure>
  );
}

function Bar({ point, top, x }: { point: HistoryPoint; top: number; x: number }) {
  let y = HEIGHT_PX;
  return PATTERNS.map((pattern) => {
    const height = (point.patterns[pattern].activity / top) * (HEIGHT_PX - 2);
    y -= height;
    return (
      <rect
        key={pattern}
        data-pattern={pattern}
        className={styles.beat}
        x={x}
        y={y}
        width={STEP_PX - 1}
        height={height}
      />
    );
  });
}

function total({ patterns }: HistoryPoint): number {
  return PATTERNS.reduce((sum, pattern) => sum + patterns[pattern].activity, 0);
}
