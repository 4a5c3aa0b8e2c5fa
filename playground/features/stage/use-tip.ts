/** What is told of the hop under the pointer, and where. */
import { type PointerEvent, type RefObject, useState } from "react";
import { traceStore } from "../../stores/trace-store.ts";
import type { Tip } from "./HopTip.tsx";

/** The tip stays this far from the window's left and right edge, and goes above its hop this near the lower one. */
const EDGE_PX = 150;

export function useTip(scroller: RefObject<HTMLElement | null>) {
  const [tip, setTip] = useState<Tip | null>(null);
  return {
    tip,
    onPointerMove: (event: PointerEvent) => setTip(tipAt(event, scroller.current)),
    /** The pointer left, or what it pointed at was opened. */
    hideTip: () => setTip(null),
  };
}

function tipAt(event: PointerEvent, scroller: HTMLElement | null): Tip | null {
  const drawn = event.target instanceof Element ? event.target.closest("[data-seq]") : null;
  if (drawn === null || scroller === null) return null;
  const seq = Number(drawn.getAttribute("data-seq"));
  const row = traceStore.getState().diagram.sequence.rowOf(seq);
  if (row === undefined) return null;
  const box = scroller.getBoundingClientRect();
  const leftPx = Math.min(
    Math.max(event.clientX - box.left, EDGE_PX),
    Math.max(EDGE_PX, box.width - EDGE_PX),
  );
  const topPx = event.clientY - box.top;
  return { row, leftPx, topPx, above: topPx > box.height - EDGE_PX };
}
