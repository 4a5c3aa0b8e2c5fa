/**
 * Drawing per animation frame: a component that uses the pulse is rendered once a frame while the
 * trace changes, and about 15 times a second for running time; not at all while the page is hidden.
 */
import { useEffect, useState } from "react";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";

const RUNNING_MS = 66;
/** Running time still has to be told to those who want no motion, but in steps. */
const CALM_RUNNING_MS = 1_000;

export function usePulse(runningMs = RUNNING_MS): number {
  const [pulse, setPulse] = useState(0);
  useEffect(() => {
    let frame = 0;
    let drawnRevision = -1;
    let drawnAtMs = 0;
    const step = (atMs: number) => {
      frame = requestAnimationFrame(step);
      const { revision } = traceStore.getState();
      const everyMs = wantsCalm() ? Math.max(CALM_RUNNING_MS, runningMs) : runningMs;
      const runs = !viewStore.getState().frozen && atMs - drawnAtMs >= everyMs;
      if (revision === drawnRevision && !runs) return;
      drawnRevision = revision;
      drawnAtMs = atMs;
      setPulse((count) => count + 1);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [runningMs]);
  return pulse;
}

export function wantsCalm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
