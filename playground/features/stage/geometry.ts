/** Where one hop's line, head, label and hit area are, from its row and the places of its half. */
import type { HalfColumns } from "../../../shared/trace/columns.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";

/** One half of the stage: its columns and their x on the whole stage. */
export interface HalfPlan {
  half: HalfColumns;
  leftPx: number;
  widthPx: number;
  xs: readonly number[];
}

export interface HopLine {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  labelX: number;
  /** Room for the label, px. */
  roomPx: number;
}

/** Half the width of a parked poll's bar: arrows stop at its edge. */
const BAR_HALF_PX = 4;

export function hopLine(row: HopRow, plan: HalfPlan, bars: boolean): HopLine {
  const fromX = plan.xs[row.from] ?? 0;
  const toX = plan.xs[row.to] ?? 0;
  const way = toX >= fromX ? 1 : -1;
  const x1 = fromX + way * gapAt(plan, row.from, bars);
  const x2 = toX - way * gapAt(plan, row.to, bars);
  const y2 = row.y + row.slope;
  const span = Math.abs(x2 - x1);
  // Short arrows may have labels somewhat wider than themselves: the halo keeps them readable.
  const roomPx = Math.max(span - 16, Math.min(span + 36, 112));
  const middle = (x1 + x2) / 2;
  const least = plan.leftPx + roomPx / 2 + 4;
  const most = plan.leftPx + plan.widthPx - roomPx / 2 - 4;
  return {
    x1,
    y1: row.y - row.rise,
    x2,
    y2,
    labelX: Math.min(Math.max(middle, least), Math.max(most, least)),
    roomPx,
  };
}

function gapAt(plan: HalfPlan, column: number, bars: boolean): number {
  const role = plan.half.columns[column]?.role ?? "";
  return bars && role.startsWith("replica") ? BAR_HALF_PX + 1 : 2;
}

/** The baseline of a label this wide: clear of the line's higher end under it. */
export function labelY({ x1, y1, x2, y2 }: HopLine, widthPx: number, labelPx: number): number {
  const spanPx = Math.max(1, Math.abs(x2 - x1));
  const risePx = (Math.abs(y2 - y1) / 2) * Math.min(1, widthPx / spanPx);
  return (y1 + y2) / 2 - risePx - labelPx * 0.32;
}

/** A triangle with its tip at the end of the line. */
export function headPath({ x1, y1, x2, y2 }: HopLine, sizePx: number): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const backX = x2 - sizePx * Math.cos(angle);
  const backY = y2 - sizePx * Math.sin(angle);
  const sideX = -Math.sin(angle) * sizePx * 0.45;
  const sideY = Math.cos(angle) * sizePx * 0.45;
  return `M${r(x2)} ${r(y2)}L${r(backX + sideX)} ${r(backY + sideY)}L${r(backX - sideX)} ${r(backY - sideY)}Z`;
}

function r(px: number): number {
  return Math.round(px * 10) / 10;
}
