/** One pattern's half of the window: lifelines, parked polls, then what happened, oldest first. */
import { TARGET } from "../../../shared/contracts/ids.ts";
import type { Lens } from "../../../shared/trace/lens.ts";
import type { Bar, HopRow, Row } from "../../../shared/trace/rows.ts";
import { protocolMs } from "../../stores/hold-store.ts";
import { FoldBand, MarkerLine, QuietBreak } from "./AcrossRows.tsx";
import type { HalfPlan } from "./geometry.ts";
import { HopArrow } from "./HopArrow.tsx";
import { ParkedBar } from "./ParkedBar.tsx";
import style from "./stage.module.css";
import type { StageType } from "./stage-type.ts";

export interface Lights {
  selected: HopRow | undefined;
  lit: ReadonlySet<HopRow>;
  /** The row the keyboard is at. */
  currentKey: string | null;
}

interface Props {
  plan: HalfPlan;
  type: StageType;
  lens: Lens;
  rows: readonly Row[];
  bars: readonly Bar[];
  lights: Lights;
  /** What of the axis is drawn, and where it ends for now. */
  topPx: number;
  bottomPx: number;
  nowPx: number;
  nowMs: number;
  pollTimeoutMs: number;
  /** There is more behind the playhead: what ends there has not ended yet. */
  isPast: boolean;
  /** Rows newer than this draw themselves. */
  freshAfterMs: number;
}

export function Half(props: Props) {
  const { plan, topPx, bottomPx } = props;
  return (
    <g data-pattern={plan.half.pattern}>
      {plan.leftPx > 0 && (
        <path className={style.divide} d={`M${plan.leftPx} ${topPx}V${bottomPx}`} />
      )}
      {plan.half.columns.map((column, index) =>
        column.hidden ? null : (
          <path
            key={column.id}
            className={style.lifeline}
            data-role={column.role}
            d={`M${plan.xs[index] ?? 0} ${topPx}V${bottomPx}`}
          />
        ),
      )}
      <Bars {...props} />
      {props.rows.map((row) => (
        <HalfRow key={row.key} row={row} {...props} />
      ))}
    </g>
  );
}

function Bars(props: Props) {
  const { plan, type, bars, topPx, bottomPx, nowPx, nowMs, pollTimeoutMs, isPast } = props;
  const inView = bars.filter((bar) => {
    if (bar.pattern !== plan.half.pattern || bar.start.y > bottomPx) return false;
    if (isPast && bar.start.atMs > nowMs) return false;
    // Within a closed fold a bar has no height left.
    return bar.end === null || (bar.end.y >= topPx && bar.end.y - bar.start.y > 8);
  });
  const endOf = (bar: Bar) => (isPast && (bar.end?.atMs ?? 0) > nowMs ? null : bar.end);
  return inView.map((bar) => (
    <ParkedBar
      key={bar.key}
      bar={bar}
      plan={plan}
      type={type}
      topPx={Math.max(bar.start.y + bar.start.slope, topPx - 20)}
      bottomPx={Math.min(endOf(bar)?.y ?? nowPx, bottomPx + 20)}
      left={endOf(bar) === null ? leftIn(bar, nowMs, pollTimeoutMs) : null}
    />
  ));
}

/** How long somebody else's server waits, nobody here knows. */
function leftIn({ pattern, startedAtMs }: Bar, nowMs: number, timeoutMs: number): number {
  return pattern === TARGET ? 1 : leftOf(protocolMs(startedAtMs, nowMs), timeoutMs);
}

function leftOf(waitedMs: number, timeoutMs: number): number {
  return Math.max(0, Math.min(1, 1 - waitedMs / timeoutMs));
}

function HalfRow({ row, plan, type, lens, lights, freshAfterMs }: Props & { row: Row }) {
  const place = { plan, type, y: row.y };
  switch (row.kind) {
    case "hop":
      if (row.pattern !== plan.half.pattern) return null;
      return (
        <HopArrow
          row={row}
          revision={row.revision}
          lens={lens}
          light={lightOf(row, lights)}
          fresh={row.atMs > freshAfterMs}
          {...place}
        />
      );
    case "break":
      return <QuietBreak quietMs={row.quietMs} {...place} />;
    case "fold":
      return (
        <FoldBand
          row={row}
          open={row.open}
          pattern={plan.half.pattern}
          current={row.key === lights.currentKey}
          {...place}
        />
      );
    case "marker":
      return <MarkerLine row={row} named={isNamedIn(row.marker.pattern, plan)} {...place} />;
  }
}

/** A marker of one pattern is named in its half; one of both, in the first. */
function isNamedIn(pattern: string | undefined, plan: HalfPlan): boolean {
  return pattern === undefined ? plan.leftPx === 0 : pattern === plan.half.pattern;
}

function lightOf(row: HopRow, lights: Lights): "none" | "lit" | "selected" {
  if (row === lights.selected) return "selected";
  return lights.lit.has(row) ? "lit" : "none";
}
