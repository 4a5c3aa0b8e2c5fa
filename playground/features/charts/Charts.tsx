/** Figures over time, with what people did as upright lines; below, the delivery ledger. */
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { type HistoryPoint, metricsStore } from "../../stores/metrics-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import styles from "./Charts.module.css";
import { LedgerTable } from "./LedgerTable.tsx";
import { type Line, LineChart } from "./LineChart.tsx";

const HUES: Record<Pattern, string> = { "long-polling": "--lp", "web-sockets": "--ws" };
const SHORT: Record<Pattern, string> = { "long-polling": "LP", "web-sockets": "WS" };

export function Charts() {
  const shown = useStore(viewStore, (view) => view.shown);
  const history = useStore(metricsStore, (metrics) => metrics.history);
  const patterns = shownPatterns(shown);
  if (history.length < 2) {
    return <p className={styles.empty}>The first figures come in a second or two.</p>;
  }
  return (
    <div className={styles.charts}>
      <LineChart
        title="Idle requests per minute"
        unit=""
        history={history}
        lines={patterns.map((pattern) => idleLine(pattern))}
      />
      <LineChart
        title="Delivery latency: p50, and p99 dashed"
        unit="ms"
        history={history}
        lines={patterns.flatMap((pattern) => latencyLines(pattern))}
      />
      <LedgerTable patterns={patterns} />
    </div>
  );
}

function idleLine(pattern: Pattern): Line {
  return {
    name: SHORT[pattern],
    hue: HUES[pattern],
    isDashed: false,
    valueOf: (point: HistoryPoint) => point.patterns[pattern].idlePerMinute,
  };
}

function latencyLines(pattern: Pattern): Line[] {
  return [
    {
      name: `${SHORT[pattern]} p50`,
      hue: HUES[pattern],
      isDashed: false,
      valueOf: (point) => point.patterns[pattern].p50,
    },
    {
      name: `${SHORT[pattern]} p99`,
      hue: HUES[pattern],
      isDashed: true,
      valueOf: (point) => point.patterns[pattern].p99,
    },
  ];
}
