/**
 * Drawing per animation frame: a component that uses the pulse is rendered once a frame while the
 * trace changes, and every so often for running time; not at all while the page is hidden.
 */
import { useEffect, useState } from "react";
import { type TraceState, traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";

export interface Pulse {
  /** How often running time is told. */
  runningMs: number;
  /** Whether a change is drawn in the next frame, or waits for its time too. */
  onChange: boolean;
}

type Shown = Pick<TraceState, "diagram" | "playhead">;

/** For counts and words, which nobody reads sixty times a second. */
export const SLOWLY: Pulse = { runningMs: 250, onChange: false };
const STAGE: Pulse = { runningMs: 66, onChange: true };
/** Running time still has to be told to those who want no motion, but in steps. */
const CALM_RUNNING_MS = 1_000;

export function usePulse({ runningMs, onChange }: Pulse = STAGE): number {
  const [pulse, setPulse] = useState(0);
  useEffect(() => {
    let frame = 0;
    let drawnRevision = -1;
    let drawnAtMs = 0;
    let drawn: Shown | undefined;
    const step = (atMs: number) => {
      frame = requestAnimationFrame(step);
      const { diagram, playhead, revision } = traceStore.getState();
      // Whoever steps through what stands still sees each step, also in what is told slowly.
      const moved = drawn?.diagram !== diagram || drawn.playhead !== playhead;
      const everyMs = wantsCalm() ? Math.max(CALM_RUNNING_MS, runningMs) : runningMs;
      const due = !viewStore.getState().frozen && atMs - drawnAtMs >= everyMs;
      if (!due && !moved && !(onChange && revision !== drawnRevision)) return;
      drawnRevision = revision;
      drawn = { diagram, playhead };
      drawnAtMs = atMs;
      setPulse((count) => count + 1);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [runningMs, onChange]);
  return pulse;
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function wantsCalm(): boolean {
  return calm.matches;
}
