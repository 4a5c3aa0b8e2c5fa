/** The charts tab: what idling costs and how fast deliveries are, over ten minutes; the ledger. */
import { useMemo } from "react";
import { useStore } from "zustand";
import { type HistoryPoint, metricsStore, type Sample } from "../../stores/metrics-store.ts";
import type { OpenRecording } from "../../stores/open-recording.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { shownSides, viewStore } from "../../stores/view-store.ts";
import styles from "./Charts.module.css";
import { Costs } from "./Costs.tsx";
import type { Line } from "./chart-options.ts";
import { Ledger } from "./Ledger.tsx";
import { Limits } from "./Limits.tsx";
import { LineChart } from "./LineChart.tsx";
import { type Figures, figuresOf } from "./recorded-figures.ts";

const IDLE: readonly Line[] = [
  { pattern: "long-polling", name: "long polling", read: idle },
  { pattern: "web-sockets", name: "WebSockets", read: idle },
  { pattern: "target", name: "your server", read: idle },
];
const LATENCY: readonly Line[] = [
  { pattern: "long-polling", name: "long polling p50", read: (sample) => sample.p50 },
  { pattern: "long-polling", name: "p99", read: (sample) => sample.p99, isDashed: true },
  { pattern: "web-sockets", name: "WebSockets p50", read: (sample) => sample.p50 },
  { pattern: "web-sockets", name: "p99", read: (sample) => sample.p99, isDashed: true },
];

const ACTIVITY: readonly Line[] = [
  { pattern: "target", name: "your server", read: ({ activity }) => activity },
];
const TARGET_NOTE =
  "What a message of your server is, only you know: nothing here is called delivered or lost.";
const COUNTED_LIVE = "Counted in the wire process before anything is left out of the drawing.";
const COUNTED_RECORDED =
  "Counted from the hops that the recording holds, as the wire counts them. What was not kept is in no figure.";
const REPLAYED_NOTE =
  "What a client gets that was accepted before it first appeared is replayed, and in no latency. Hatched: a fault was in force.";

function idle({ idlePerMinute }: Sample): number {
  return idlePerMinute;
}

export function Charts() {
  const recording = useStore(traceStore, (trace) => trace.recording);
  const { history, latest, markers } = useFigures(recording);
  const shown = useStore(viewStore, (view) => view.shown);
  const patterns = shownSides(shown);
  const only = (lines: readonly Line[]) =>
    lines.filter(({ pattern }) => patterns.includes(pattern));
  const times = useMemo(() => secondsAgo(history), [history]);
  if (history.length < 2) {
    return (
      <p className={styles.empty}>
        {recording === null
          ? "The first figures come in a second or two."
          : "The recording is too short for a figure."}
      </p>
    );
  }
  const shared = { history, times, markers };
  return (
    <div className={styles.charts}>
      <LineChart {...shared} title="Idle requests per minute" unit="" lines={only(IDLE)} />
      {shown === "target" ? (
        <LineChart {...shared} title="Requests and packets per second" unit="" lines={ACTIVITY} />
      ) : (
        <LineChart {...shared} title="Delivery latency" unit="ms" lines={only(LATENCY)} />
      )}
      <Ledger latest={latest} />
      <p className={styles.note}>
        {recording === null ? COUNTED_LIVE : COUNTED_RECORDED}{" "}
        {shown === "target" ? TARGET_NOTE : REPLAYED_NOTE}
      </p>
      {recording === null && shown !== "target" && <Costs />}
      {recording === null && <Limits />}
    </div>
  );
}

function useFigures(recording: OpenRecording | null): Figures {
  const live = useStore(metricsStore);
  const recorded = useMemo(
    () => (recording === null ? undefined : figuresOf(recording)),
    [recording],
  );
  return recorded ?? live;
}

/** The x axis: seconds before the newest point, as negative numbers. */
function secondsAgo(history: readonly HistoryPoint[]): number[] {
  const now = history.at(-1)?.at ?? 0;
  return history.map(({ at }) => (at - now) / 1_000);
}
