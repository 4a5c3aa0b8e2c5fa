/** One hop, or a bundle of like ones: an arrow that slopes from send to receive, with its label. */
import { memo } from "react";
import { isLost } from "../../../shared/trace/event.ts";
import type { Lens } from "../../../shared/trace/lens.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { cx } from "../../ui/cx.ts";
import { fitLabel } from "./fit-label.ts";
import { type HalfPlan, type HopLine, headPath, hopLine, labelY } from "./geometry.ts";
import style from "./HopArrow.module.css";
import { type HopLook, lookOf } from "./hop-look.ts";
import { labelOf } from "./lens-words.ts";
import type { StageType } from "./stage-type.ts";

interface Props {
  row: HopRow;
  /** `row.revision` and `row.y` when it was rendered: rows change in place. */
  revision: number;
  y: number;
  plan: HalfPlan;
  type: StageType;
  lens: Lens;
  light: "none" | "lit" | "selected";
  fresh: boolean;
}

export const HopArrow = memo(function HopArrow({ row, plan, type, lens, light, fresh }: Props) {
  const look = lookOf(row);
  const line = hopLine(row, plan, plan.half.pattern === "long-polling");
  const reachesFor = look.end === "cross" ? { ...line, ...shortOf(line, 0.82) } : line;
  return (
    <g
      data-seq={row.event.seq}
      data-hue={look.hue}
      className={cx(
        style.hop,
        look.dashed && style.dashed,
        look.heavy && style.heavy,
        light === "lit" && style.lit,
        light === "selected" && style.selected,
        fresh && style.fresh,
      )}
    >
      <path className={style.hit} d={pathOf(line)} />
      <path className={style.wire} d={pathOf(reachesFor)} pathLength={fresh ? 1 : undefined} />
      <ArrowEnd line={reachesFor} look={look} sizePx={type.headPx} />
      <Crossing row={row} line={line} plan={plan} sizePx={type.headPx} />
      <HopLabel row={row} look={look} line={line} type={type} lens={lens} />
      {row.reported !== null && <Report row={row} line={line} type={type} />}
    </g>
  );
});

/** A dot where a request passes through the balancer, which takes it apart and passes it on. */
function Crossing({ row, line, plan, sizePx }: CrossingProps) {
  const index = plan.half.columns.findIndex(({ role, hidden }) => role === "balancer" && !hidden);
  const x = plan.xs[index];
  const { x1, y1, x2, y2 } = line;
  const crosses = index > Math.min(row.from, row.to) && index < Math.max(row.from, row.to);
  if (x === undefined || !crosses) return null;
  const y = y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
  return <circle className={style.head} cx={x} cy={y} r={sizePx * 0.32} />;
}

interface CrossingProps {
  row: HopRow;
  line: HopLine;
  plan: HalfPlan;
  sizePx: number;
}

function ArrowEnd({ line, look, sizePx }: { line: HopLine; look: HopLook; sizePx: number }) {
  switch (look.end) {
    case "arrow":
      return (
        <path className={look.hollow ? style.hollowHead : style.head} d={headPath(line, sizePx)} />
      );
    case "closed":
      return <path className={style.tick} d={`M${line.x2} ${line.y2 - 5}v10`} />;
    case "cross": {
      const a = sizePx * 0.6;
      const { x2, y2 } = line;
      return (
        <path
          className={style.cross}
          d={`M${x2 - a} ${y2 - a}L${x2 + a} ${y2 + a}M${x2 + a} ${y2 - a}L${x2 - a} ${y2 + a}`}
        />
      );
    }
  }
}

interface LabelProps {
  row: HopRow;
  look: HopLook;
  line: HopLine;
  type: StageType;
  lens: Lens;
}

function HopLabel({ row, look, line, type, lens }: LabelProps) {
  const times = row.count > 1 ? ` ×${row.count.toLocaleString("en")}` : "";
  const lost = isLost(row.event) ? " lost" : "";
  const refused = look.hue === "bad" && lost === "" ? "✕ " : "";
  const room = Math.floor(line.roomPx / type.charPx) - times.length - lost.length - refused.length;
  const label = fitLabel(labelOf(row, lens, traceStore.getState().eventBySeq), room);
  const widthPx = (refused.length + label.length + times.length + lost.length) * type.charPx;
  return (
    <text className={style.label} x={line.labelX} y={labelY(line, widthPx, type.labelPx)}>
      {refused + label}
      {(times || lost) && <tspan className={style.times}>{times + lost}</tspan>}
    </text>
  );
}

/** What the client says it did with it: hollow, because the wire did not see it. */
function Report({ row, line, type }: { row: HopRow; line: HopLine; type: StageType }) {
  const w = type.headPx * 1.2;
  const { x2, y2 } = line;
  // Left of the lifeline and above the arrow's tip: labels of later hops stand below it.
  const y = y2 - w * 0.8;
  const d = `M${x2 - 4} ${y}h${-w}v${w * 0.8}h${w - 3}`;
  return row.reported === "updated" ? (
    <g className={style.report}>
      <path d={d} />
      <path d={`M${x2 - 4} ${y + w * 0.8}l${-w * 0.5} ${-w * 0.29}v${w * 0.58}z`} />
    </g>
  ) : (
    <g className={style.report}>
      <path d={`M${x2 - 6} ${y}l${-w * 0.7} ${w * 0.7}`} />
      <circle cx={x2 - 6 - w * 0.35} cy={y + w * 0.35} r={w * 0.45} />
    </g>
  );
}

function shortOf({ x1, y1, x2, y2 }: HopLine, part: number): { x2: number; y2: number } {
  return { x2: x1 + (x2 - x1) * part, y2: y1 + (y2 - y1) * part };
}

function pathOf({ x1, y1, x2, y2 }: HopLine): string {
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`;
}
