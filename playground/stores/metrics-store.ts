/**
 * The wire's metrics: the newest whole snapshot, and a bounded history of the few series that the
 * charts draw. Everything here was counted before sampling; the page only keeps it.
 */
import { createStore } from "zustand/vanilla";
import type { Marker } from "../../shared/contracts/control.ts";
import type { BySide } from "../../shared/contracts/ids.ts";
import type { Metrics, PatternMetrics } from "../../shared/contracts/metrics.ts";

/** One point of the charts, for one side. `null`: nothing was measured then. */
export interface Sample {
  p50: number | null;
  p99: number | null;
  idlePerMinute: number;
  /** Requests and frames a second: the pulse in the transport bar. */
  activity: number;
}

export interface HistoryPoint {
  /** Wire clock, ms. */
  at: number;
  patterns: BySide<Sample>;
}

export interface MetricsState {
  latest: Metrics | null;
  history: readonly HistoryPoint[];
  markers: readonly Marker[];
}

/** Ten minutes at one point a second. */
export const HISTORY_MS = 10 * 60_000;
const LEAST_STEP_MS = 950;
const MARKER_LIMIT = 200;

export const metricsStore = createStore<MetricsState>()(() => ({
  latest: null,
  history: [],
  markers: [],
}));

export function takeMetrics(metrics: Metrics): void {
  metricsStore.setState(({ history }) => ({
    latest: metrics,
    history: appendPoint(history, metrics),
  }));
}

/** False for one that is known: a page that reconnects is told the newest ones again. */
export function takeMarker(marker: Marker): boolean {
  const { markers } = metricsStore.getState();
  if (markers.some(({ at, text }) => at === marker.at && text === marker.text)) return false;
  metricsStore.setState({ markers: [...markers.slice(-(MARKER_LIMIT - 1)), marker] });
  return true;
}

export function clearMetrics(): void {
  metricsStore.setState({ latest: null, history: [], markers: [] });
}

function appendPoint(history: readonly HistoryPoint[], metrics: Metrics): readonly HistoryPoint[] {
  const last = history.at(-1);
  // A clock that went back is another wire process: its times cannot share an axis with the old.
  if (last !== undefined && metrics.at < last.at) return [pointOf(metrics)];
  if (last !== undefined && metrics.at - last.at < LEAST_STEP_MS) return history;
  const oldest = metrics.at - HISTORY_MS;
  return [...history.filter(({ at }) => at >= oldest), pointOf(metrics)];
}

export function pointOf(metrics: Pick<Metrics, "at" | "patterns">): HistoryPoint {
  const { target } = metrics.patterns;
  return {
    at: metrics.at,
    patterns: {
      "long-polling": sampleOf(metrics.patterns["long-polling"]),
      "web-sockets": sampleOf(metrics.patterns["web-sockets"]),
      ...(target && { target: sampleOf(target) }),
    },
  };
}

function sampleOf({ window, clients }: PatternMetrics): Sample {
  const { latencyMs } = window;
  return {
    p50: latencyMs.count > 0 ? latencyMs.p50 : null,
    p99: latencyMs.count > 0 ? latencyMs.p99 : null,
    idlePerMinute: window.idlePerClientMinute * clients,
    activity: window.requestsPerSecond + window.framesPerSecond,
  };
}
