/** Selecting hops with pointer and keyboard, and what a selection lights. */
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { Diagram } from "../../../shared/trace/diagram.ts";
import type { FoldRow, HopRow } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { selectHop, viewStore } from "../../stores/view-store.ts";
import type { Lights } from "./Half.tsx";
import { litRows } from "./lights.ts";
import { causeOf, effectOf, type Stop, stepTo } from "./steps.ts";

export interface Selection {
  lights: Lights;
  current: Stop | undefined;
  onKeyDown(event: KeyboardEvent): void;
  /** A press on something drawn: `data-seq` of a hop, `data-fold` of a fold. */
  press(target: EventTarget | null): void;
}

/** `revision`: the diagram changes in place, so what is lit is found anew when it does. */
export function useSelection(
  diagram: Diagram,
  revision: number,
  reveal: (topPx: number) => void,
  toNewest: () => void,
): Selection {
  const selected = useStore(viewStore, (view) => view.selected);
  const [fold, setFold] = useState<FoldRow | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision stands for the diagram's content.
  const lights = useMemo<Lights>(
    () => ({
      selected: selected === null ? undefined : diagram.sequence.rowOf(selected),
      lit: litRows(diagram, selected),
      currentKey: fold?.key ?? null,
    }),
    [diagram, selected, revision, fold],
  );
  const place = lights.selected;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected from elsewhere is brought into view once, not whenever rows move.
  useEffect(() => {
    if (place !== undefined) reveal(place.y);
  }, [selected]);
  const current: Stop | undefined = fold ?? lights.selected;

  const goTo = useCallback(
    (stop: Stop | undefined) => {
      if (stop === undefined) return;
      setFold(stop.kind === "fold" ? stop : null);
      if (stop.kind === "hop") viewStore.setState({ selected: stop.event.seq });
      reveal(stop.y);
    },
    [reveal],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = diagram.sequence.rows;
    const end = traceStore.getState().rowsShown();
    const hop: HopRow | undefined = current?.kind === "hop" ? current : undefined;
    const acts: Record<string, () => void> = {
      ArrowUp: () => goTo(stepTo(rows, end, current, -1)),
      ArrowDown: () => goTo(stepTo(rows, end, current, 1)),
      ArrowLeft: () => goTo(hop && causeOf(diagram, hop)),
      ArrowRight: () => goTo(hop && effectOf(diagram, hop)),
      Home: () => goTo(stepTo(rows, end, undefined, 1)),
      End: toNewest,
      Enter: () => (fold === null ? hop && selectHop(hop.event.seq) : toggle(fold)),
      " ": () => (fold === null ? hop && selectHop(hop.event.seq) : toggle(fold)),
      Escape: () => {
        setFold(null);
        selectHop(null);
      },
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const press = (target: EventTarget | null) => {
    const drawn = target instanceof Element ? target.closest("[data-seq],[data-fold]") : null;
    if (drawn === null) return;
    setFold(null);
    const key = drawn.getAttribute("data-fold");
    if (key === null) selectHop(Number(drawn.getAttribute("data-seq")));
    const pressed = diagram.sequence.rows.find((row) => row.kind === "fold" && row.key === key);
    if (pressed?.kind === "fold") toggle(pressed);
  };
  return { lights, current, onKeyDown, press };
}

function toggle(fold: FoldRow): void {
  traceStore.getState().toggleFold(fold);
}
