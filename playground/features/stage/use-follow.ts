/**
 * Follows the newest row while the reader is at the bottom, and only then. A reader who scrolled
 * up keeps the row they look at where it is, whatever is folded or forgotten above it.
 */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { firstAtOrBelow } from "../../../shared/trace/axis.ts";
import type { Row } from "../../../shared/trace/rows.ts";
import { wantsCalm } from "./use-pulse.ts";

const AT_BOTTOM_PX = 6;
/** Nearer than this the view glides to the newest row; farther, it jumps. */
export const GLIDE_PX = 240;
const GLIDE_SHARE = 0.28;

export interface Follow {
  following: boolean;
  /** True while the view goes on following: then only the newest row says where it is. */
  onScroll(): boolean;
  /** Goes to the newest row, and follows again. */
  toNewest(): void;
  /** Brings a height of the content into view. */
  reveal(topPx: number): void;
}

interface Anchor {
  row: Row;
  /** Of the row, from the top of the view. */
  offsetPx: number;
}

export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  originPx: number,
  pulse: number,
): Follow {
  const [following, setFollowing] = useState(true);
  const lastTopPx = useRef(0);
  const lastViewPx = useRef(0);
  const anchor = useRef<Anchor | null>(null);

  const onScroll = useCallback(() => {
    const view = scroller.current;
    if (view === null) return following;
    const { scrollTop } = view;
    const atBottom = view.scrollHeight - view.clientHeight - scrollTop <= AT_BOTTOM_PX;
    // Growing content never scrolls up: only a reader does, or a view that has changed its height.
    const isResized = view.clientHeight !== lastViewPx.current;
    const follows = atBottom || (following && (isResized || scrollTop >= lastTopPx.current - 1));
    setFollowing(follows);
    lastViewPx.current = view.clientHeight;
    lastTopPx.current = scrollTop;
    anchor.current = follows ? null : anchorAt(rows, scrollTop + originPx);
    return follows;
  }, [scroller, rows, originPx, following]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every pulse may have moved rows.
  useLayoutEffect(() => {
    const view = scroller.current;
    if (view === null || following) return;
    const held = anchor.current;
    if (held === null || !Number.isFinite(held.row.y)) return;
    const top = held.row.y - originPx - held.offsetPx;
    if (Math.abs(top - view.scrollTop) < 1) return;
    lastTopPx.current = top;
    view.scrollTop = top;
  }, [pulse, following, originPx, scroller]);

  useLayoutEffect(() => {
    if (!following) return;
    let frame = 0;
    const glide = () => {
      frame = requestAnimationFrame(glide);
      const view = scroller.current;
      if (view !== null) follow(view, lastTopPx);
    };
    glide();
    return () => cancelAnimationFrame(frame);
  }, [following, scroller]);

  const toNewest = useCallback(() => setFollowing(true), []);
  const reveal = useCallback(
    (topPx: number) => {
      const view = scroller.current;
      if (view === null) return;
      const at = topPx - originPx;
      const marginPx = 60;
      const above = at < view.scrollTop + marginPx;
      if (!above && at < view.scrollTop + view.clientHeight - marginPx) return;
      view.scrollTop = above ? at - marginPx : at - view.clientHeight + marginPx;
    },
    [scroller, originPx],
  );
  return { following, onScroll, toNewest, reveal };
}

function follow(view: HTMLElement, lastTopPx: { current: number }): void {
  const target = view.scrollHeight - view.clientHeight;
  const away = target - view.scrollTop;
  if (away <= 0.5) return;
  const jumps = away > GLIDE_PX || away < 2 || wantsCalm();
  view.scrollTop = jumps ? target : view.scrollTop + Math.max(1, away * GLIDE_SHARE);
  lastTopPx.current = view.scrollTop;
}

function anchorAt(rows: readonly Row[], y: number): Anchor | null {
  const row = rows[firstAtOrBelow(rows, y)];
  return row === undefined ? null : { row, offsetPx: row.y - y };
}
