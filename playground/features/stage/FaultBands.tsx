/** Where faults were in force: their stretch of the axis is hatched, from beginning to end. */
import { useStore } from "zustand";
import { faultSide } from "../../../shared/faults/faults.ts";
import { firstSince } from "../../../shared/trace/axis.ts";
import type { Row } from "../../../shared/trace/rows.ts";
import { faultsStore } from "../../stores/faults-store.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./stage.module.css";

interface Props {
  plan: HalfPlan;
  rows: readonly Row[];
  topPx: number;
  bottomPx: number;
  /** Where the axis ends for now. */
  nowPx: number;
}

export function FaultBands({ plan, rows, topPx, bottomPx, nowPx }: Props) {
  const { faults, past } = useStore(faultsStore);
  const spans = [...past, ...faults.map((fault) => ({ ...fault, until: undefined }))];
  return spans.map((fault) => {
    const side = faultSide(fault);
    if (side !== undefined && side !== plan.half.pattern) return null;
    const from = Math.max(topPx, rows[firstSince(rows, fault.since)]?.y ?? nowPx);
    const end = fault.until === undefined ? undefined : rows[firstSince(rows, fault.until)]?.y;
    const to = Math.min(bottomPx, end ?? nowPx);
    if (to <= from) return null;
    const place = { x: plan.leftPx, y: from, width: plan.widthPx, height: to - from };
    return <rect key={fault.id} className={style.fault} {...place} />;
  });
}

/** Drawn once for all bands. */
export function FaultHatch() {
  return (
    <defs>
      <pattern
        id="fault-hatch"
        width={12}
        height={12}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect className={style.hatch} width={5} height={12} />
      </pattern>
    </defs>
  );
}
