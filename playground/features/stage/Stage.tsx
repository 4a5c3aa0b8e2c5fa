/**
 * The live sequence diagram: both patterns side by side on one time axis, one alone, or the target. It fills
 * its container. Reads the trace store; says what is selected to the view store.
 */
import { useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { placeColumns } from "../../../shared/trace/places.ts";
import type { Sequence } from "../../../shared/trace/sequence.ts";
import { holdStore } from "../../stores/hold-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { shownSides, viewStore } from "../../stores/view-store.ts";
import { Canvas } from "./Canvas.tsx";
import { Captions } from "./Captions.tsx";
import type { HalfPlan } from "./geometry.ts";
import { Heads } from "./Heads.tsx";
import { HeldHops } from "./HeldHops.tsx";
import { roomFor } from "./room.ts";
import { SetupBand } from "./SetupBand.tsx";
import style from "./stage.module.css";
import { type StageType, stageType } from "./stage-type.ts";
import { useSize } from "./use-size.ts";

export function Stage() {
  const box = useRef<HTMLElement>(null);
  const { widthPx } = useSize(box);
  const shown = useStore(viewStore, (view) => view.shown);
  const lens = useStore(viewStore, (view) => view.lens);
  const projector = useStore(viewStore, (view) => view.projector);
  const balancerShown = useStore(
    viewStore,
    (view) => view.balancerShown && view.lens !== "reference",
  );
  // The drawer says what happens next, and needs the room.
  const held = useStore(holdStore, (hold) => hold.held);
  const type = stageType(projector, lens);
  // The scroller's bar takes its room even while there is nothing to scroll.
  const innerPx = Math.max(0, widthPx - SCROLLBAR_PX);
  const halfPx = innerPx / shownSides(shown).length;

  useEffect(() => {
    if (halfPx === 0) return;
    traceStore.getState().setRoom(roomFor(halfPx, type, projector, balancerShown));
  }, [halfPx, type, projector, balancerShown]);

  const halves = useStore(traceStore, (trace) => trace.diagram.sequence.halves);
  const plans = useMemo(() => plansOf(halves, innerPx, type), [halves, innerPx, type]);
  return (
    <section
      ref={box}
      className={style.stage}
      aria-roledescription="stage"
      data-projector={projector}
      data-lens={lens}
      aria-label="Live sequence diagram"
    >
      <Heads plans={plans} />
      <SetupBand plans={plans} widthPx={innerPx} type={type} lens={lens} />
      <Canvas plans={plans} type={type} widthPx={innerPx} />
      <HeldHops plans={plans} widthPx={innerPx} type={type} lens={lens} />
      {!held && <Captions plans={plans} />}
    </section>
  );
}

const SCROLLBAR_PX = 10;

function plansOf(halves: Sequence["halves"], widthPx: number, type: StageType): HalfPlan[] {
  const shown = Object.values(halves);
  const each = widthPx / Math.max(1, shown.length);
  return shown.map((half, index) => ({
    half,
    leftPx: index * each,
    widthPx: each,
    xs: placeColumns(half.columns, each, type.marginPx).map((x) => x + index * each),
  }));
}
