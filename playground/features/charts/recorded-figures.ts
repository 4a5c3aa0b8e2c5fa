/**
 * An opened recording's own figures: its events through the fold that the wire counts with. What was
 * not kept in it is not counted; the page says so.
 */
import { createMetricsFold } from "../../../shared/metrics/metrics-fold.ts";
import { type MetricsState, pointOf } from "../../stores/metrics-store.ts";
import type { OpenRecording } from "../../stores/open-recording.ts";

/** Points of the charts, at most; and how far apart they are, at least. */
const MOST_POINTS = 300;
const LEAST_STEP_MS = 1_000;
const NOTHING = { held: {}, limits: {} };

export type Figures = Pick<MetricsState, "history" | "markers"> & {
  latest: Pick<NonNullable<MetricsState["latest"]>, "at" | "since" | "patterns"> | null;
};

export function figuresOf({ events, markers }: OpenRecording): Figures {
  const startMs = events[0]?.doneAt ?? 0;
  // The last event need not be the latest: a recording may hold anything.
  const endMs = events.reduce((latest, { doneAt }) => Math.max(latest, doneAt), startMs);
  const stepMs = Math.max(LEAST_STEP_MS, (endMs - startMs) / MOST_POINTS);
  let nowMs = startMs;
  let nextMs = startMs + stepMs;
  const fold = createMetricsFold({ now: () => nowMs });
  const history: MetricsState["history"][number][] = [];
  for (const event of events) {
    while (event.doneAt > nextMs) {
      nowMs = nextMs;
      history.push(pointOf(fold.snapshot(NOTHING)));
      nextMs += stepMs;
    }
    nowMs = Math.max(nowMs, event.doneAt);
    fold.fold(event);
  }
  const latest = fold.snapshot(NOTHING);
  return { history: [...history, pointOf(latest)], markers, latest };
}
