/**
 * The window on the diagram: a tall scroller with an SVG that holds only the rows in view and some
 * more, moved along in steps. It draws what the fold says; it decides nothing about traffic.
 */
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { rowsBetween } from "../../../shared/trace/axis.ts";
import type { Row } from "../../../shared/trace/rows.ts";
import { QUIET_MS } from "../../../shared/trace/sequence.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { useTimeouts } from "../../stores/use-timeouts.ts";
import { viewStore } from "../../stores/view-store.ts";
import { cx } from "../../ui/cx.ts";
import { QuietBreak } from "./AcrossRows.tsx";
import { FaultBands, FaultHatch } from "./FaultBands.tsx";
import type { HalfPlan } from "./geometry.ts";
import { Half } from "./Half.tsx";
import hopStyle from "./HopArrow.module.css";
import { HopTip } from "./HopTip.tsx";
import { sentenceOf } from "./lens-words.ts";
import { Newer } from "./Newer.tsx";
import { NothingYet } from "./NothingYet.tsx";
import { shownPart } from "./shown-part.ts";
import style from "./stage.module.css";
import type { StageType } from "./stage-type.ts";
import { GLIDE_PX, useFollow } from "./use-follow.ts";
import { useSelection } from "./use-lights.ts";
import { usePulse, wantsCalm } from "./use-pulse.ts";
import { useSize } from "./use-size.ts";
import { useTip } from "./use-tip.ts";

/** The window moves in steps, and holds this much more than is seen, above and below. */
const STEP_PX = 160;
const MORE_PX = GLIDE_PX + STEP_PX;
const FRESH_MS = 320;

interface Props {
  plans: readonly HalfPlan[];
  type: StageType;
  widthPx: number;
}

export function Canvas({ plans, type, widthPx }: Props) {
  const pulse = usePulse();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useSize(scroller);
  const [step, setStep] = useState(0);
  const { tip, onPointerMove, hideTip } = useTip(scroller);
  const { revision, eventBySeq } = traceStore.getState();
  const playhead = useStore(traceStore, (trace) => trace.playhead);
  const lens = useStore(viewStore, (state) => state.lens);
  const { pollTimeoutMs } = useTimeouts();

  const part = shownPart(type);
  const { diagram, rows, end, nowMs, quietMs, originPx, nowPx } = part;
  const contentPx = Math.max(view.heightPx, nowPx - originPx);

  const follow = useFollow(scroller, rows, originPx, pulse);
  const { toNewest } = follow;
  useEffect(() => {
    if (playhead !== null) toNewest();
  }, [playhead, toNewest]);
  const selection = useSelection(diagram, revision, follow.reveal, toNewest);
  const scrollPx = follow.following ? contentPx - view.heightPx : step * STEP_PX;
  const topPx = Math.max(0, Math.floor((scrollPx - MORE_PX) / STEP_PX) * STEP_PX);
  const heightPx = Math.min(contentPx - topPx, view.heightPx + 2 * MORE_PX + STEP_PX);
  const [first, last] = rowsBetween(rows, topPx + originPx - 40, topPx + originPx + heightPx);
  const shown = rows.slice(first, Math.min(last, end));

  const onScroll = () => {
    // A view that follows scrolls every frame; drawing again for that would lay it out twice.
    if (follow.onScroll()) return;
    setStep(Math.floor((scroller.current?.scrollTop ?? 0) / STEP_PX));
  };
  const { selected } = selection.lights;

  return (
    <div className={style.canvas}>
      <div
        ref={scroller}
        className={style.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and its arrows are walked with the keyboard.
        tabIndex={0}
        role="application"
        aria-roledescription="live sequence diagram"
        aria-label="Hops in order, newest at the bottom. Up and down walk along them, left goes to a hop's cause, right to its effect, Enter opens it. The Text tab has the same in words."
        onScroll={onScroll}
        onKeyDown={selection.onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={hideTip}
        onClick={(event) => {
          hideTip();
          selection.press(event.target);
        }}
      >
        <div className={style.content} style={{ height: contentPx }}>
          <svg
            className={cx(style.rows, selected !== undefined && hopStyle.choosing)}
            style={{ top: topPx }}
            width={widthPx}
            height={heightPx}
            viewBox={`0 ${topPx + originPx} ${widthPx} ${heightPx}`}
            aria-hidden="true"
          >
            <FaultHatch />
            {plans.map((plan) => (
              <FaultBands
                key={plan.half.pattern}
                plan={plan}
                rows={rows}
                topPx={topPx + originPx}
                bottomPx={topPx + originPx + heightPx}
                nowPx={nowPx}
              />
            ))}
            {plans.map((plan) => (
              <Half
                key={plan.half.pattern}
                plan={plan}
                type={type}
                lens={lens}
                rows={shown}
                bars={diagram.sequence.bars}
                isPast={part.isPast}
                lights={selection.lights}
                topPx={topPx + originPx}
                bottomPx={topPx + originPx + heightPx}
                nowPx={nowPx}
                nowMs={nowMs}
                pollTimeoutMs={pollTimeoutMs}
                freshAfterMs={follow.following && !wantsCalm() ? nowMs - FRESH_MS : nowMs + 1e9}
              />
            ))}
            {quietMs > QUIET_MS && (
              <QuietNow plans={plans} type={type} quietMs={quietMs} y={part.endPx} />
            )}
          </svg>
        </div>
      </div>
      {hasNoHop(rows) && <NothingYet plans={plans} hasMarkers={rows.length > 0} />}
      <Newer following={follow.following} rows={rows} end={end} toNewest={toNewest} />
      {tip !== null && <HopTip tip={tip} />}
      <p className={style.spoken} aria-live="polite">
        {selected !== undefined && sentenceOf(selected, eventBySeq)}
      </p>
    </div>
  );
}

/** The first row is nearly always one. */
function hasNoHop(rows: readonly Row[]): boolean {
  return !rows.some(({ kind }) => kind === "hop" || kind === "fold");
}

/** The silence that has not ended yet, across each half. */
function QuietNow({ plans, ...quiet }: Omit<Props, "widthPx"> & { quietMs: number; y: number }) {
  return plans.map((plan) => <QuietBreak key={plan.half.pattern} plan={plan} running {...quiet} />);
}
