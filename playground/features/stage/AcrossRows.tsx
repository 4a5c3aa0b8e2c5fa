/** What crosses a whole half: quiet stretches, folds, markers. */
import { memo } from "react";
import type { Side } from "../../../shared/contracts/ids.ts";
import type { BreakRow, FoldRow, MarkerRow } from "../../../shared/trace/rows.ts";
import { cx } from "../../ui/cx.ts";
import style from "./AcrossRows.module.css";
import { foldWords } from "./fold-words.ts";
import type { HalfPlan } from "./geometry.ts";
import { quietWords } from "./quiet-words.ts";
import type { StageType } from "./stage-type.ts";

interface Place {
  plan: HalfPlan;
  type: StageType;
  y: number;
}

export const QuietBreak = memo(function QuietBreak({
  quietMs,
  plan,
  type,
  y,
  running = false,
}: Place & { quietMs: BreakRow["quietMs"]; running?: boolean }) {
  const waveY = y + type.scale.breakPx * 0.22;
  const right = plan.leftPx + plan.widthPx;
  return (
    <g className={running ? style.running : undefined}>
      <path className={style.wave} d={wave(plan.leftPx, right, waveY)} />
      <text className={style.quietLabel} x={right - 8} y={waveY - 5}>
        {quietWords(quietMs)}
      </text>
    </g>
  );
});

export const FoldBand = memo(function FoldBand({
  row,
  plan,
  type,
  y,
  pattern,
  current,
}: Place & { row: FoldRow; pattern: Side; current: boolean; open: boolean }) {
  const height = type.scale.foldPx - 10;
  const top = y - height * 0.6;
  return (
    <g data-fold={row.key} className={cx(style.fold, current && style.current)}>
      <rect
        x={plan.leftPx + 8}
        y={top}
        width={Math.max(0, plan.widthPx - 16)}
        height={height}
        rx={4}
      />
      <text x={plan.leftPx + 18} y={top + height * 0.69}>
        {row.open ? "▾ " : "▸ "}
        {foldWords(row, pattern)}
      </text>
    </g>
  );
});

export const MarkerLine = memo(function MarkerLine({
  row,
  plan,
  type,
  y,
  named,
}: Place & { row: MarkerRow; named: boolean }) {
  const { marker } = row;
  const text = marker.tone === "bad" ? `✕ ${marker.text}` : marker.text;
  const room = Math.floor((plan.widthPx - 40) / type.charPx);
  return (
    <g className={style.marker} data-tone={marker.tone}>
      <path d={`M${plan.leftPx} ${y}h${plan.widthPx}`} />
      {named && (
        <text x={plan.leftPx + 12} y={y - 5}>
          {text.length > room ? `${text.slice(0, room - 1)}…` : text}
        </text>
      )}
    </g>
  );
});

function wave(left: number, right: number, y: number): string {
  const step = 9;
  let d = `M${left} ${y}q${step / 2} -3.2 ${step} 0`;
  for (let x = left + step; x < right; x += step) d += `t${step} 0`;
  return d;
}
