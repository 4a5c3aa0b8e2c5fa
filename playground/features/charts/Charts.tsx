/** The charts tab: what idling costs and how fast deliveries are, over ten minutes; the ledger. */
import { useMemo } from "react";
import { useStore } from "zustand";
import { type HistoryPoint, metricsStore, type Sample } from "../../stores/metrics-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import styles from "./Charts.module.css";
import { Costs } from "./Costs.tsx";
import type { Line } from "./chart-options.ts";
import { Ledger } from "./Ledger.tsx";
import { Limits } from "./Limits.tsx";
import { LineChart } from "./LineChart.tsx";

const IDLE: readonly Line[] = [
  { pattern: "long-polling", name: "long polling", read: idle },
  { pattern: "web-sockets", name: "WebSockets", read: idle },
];
const LATENCY: readonly Line[] = [
  { pattern: "long-polling", name: "long polling p50", read: (sample) => sample.p50 },
  { pattern: "long-polling", name: "p99", read: (sample) => sample.p99, isDashed: true },
  { pattern: "web-sockets", name: "WebSockets p50", read: (sample) => sample.p50 },
  { pattern: "web-sockets", name: "p99", read: (sample) => sample.p99, isDashed: true },
];

function idle({ idlePerMinute }: Sample): number {
  return idlePerMinute;
}

export function Charts() {
  const { history, markers } = useStore(metricsStore);
  const shown = useStore(viewStore, (view) => view.shown);
  const patterns = shownPatterns(shown);
  const only = (lines: readonly Line[]) =>
    lines.filter(({ pattern }) => patterns.includes(pattern));
  const times = useMemo(() => secondsAgo(history), [history]);
  if (history.length < 2) {
    return <p className={styles.empty}>The first figures come in a second or two.</p>;
  }
  const shared = { history, times, markers };
  return (
    <div className={styles.charts}>
      <LineChart {...shared} title="Idle requests per minute" unit="" lines={only(IDLE)} />
      <LineChart {...shared} title="Delivery latency" unit="ms" lines={only(LATENCY)} />
      <Ledger />
      <p className={styles.note}>
        Counted in the wire process before anything is left out of the drawing. What a client gets
        that was accepted before it first appeared is replayed, and in no latency.
      </p>
      <Costs />
      <Limits />
    </div>
  );
}

/** The x axis: seconds before the newest point, as negative numbers. */
function secondsAgo(history: readonly HistoryPoint[]): number[] {
  const now = history.at(-1)?.at ?? 0;
  return history.map(({ at }) => (at - now) / 1_000);
}
