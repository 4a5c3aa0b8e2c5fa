/** Parked polls on their replica's lifeline; while they wait, their timeout drains. */
import { memo } from "react";
import type { Bar } from "../../../shared/trace/rows.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./ParkedBar.module.css";
import type { StageType } from "./stage-type.ts";

interface Props {
  bar: Bar;
  plan: HalfPlan;
  type: StageType;
  topPx: number;
  bottomPx: number;
  /** Share of the timeout that is left, for an open one. */
  left: number | null;
}

export const ParkedBar = memo(function ParkedBar({
  bar,
  plan,
  type,
  topPx,
  bottomPx,
  left,
}: Props) {
  const width = type.barPx;
  const x = (plan.xs[bar.column] ?? 0) - width / 2 + bar.lane * (width * 0.62);
  const height = Math.max(3, bottomPx - topPx);
  return (
    <g className={style.bar} data-open={left !== null}>
      <rect x={x} y={topPx} width={width} height={height} rx={1.5} />
      {left !== null && (
        <rect
          className={style.drain}
          x={x + 1.6}
          y={topPx + 1.6 + (height - 3.2) * (1 - left)}
          width={width - 3.2}
          height={Math.max(0, (height - 3.2) * left)}
        />
      )}
    </g>
  );
});
