/**
 * Hops that wait at their tap, below the newest rows: arrows that have left their sender and stand
 * still in mid-air, with the rest of their way dashed. The oldest few of each half.
 */
import { useStore } from "zustand";
import { explainStep } from "../../../shared/hold/explain.ts";
import type { WaitingStep } from "../../../shared/hold/hold-state.ts";
import type { Lens } from "../../../shared/trace/lens.ts";
import { holdStore } from "../../stores/hold-store.ts";
import { cx } from "../../ui/cx.ts";
import { fitLabel } from "./fit-label.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./HeldHops.module.css";
import hopStyle from "./HopArrow.module.css";
import stageStyle from "./stage.module.css";
import type { StageType } from "./stage-type.ts";

interface Props {
  plans: readonly HalfPlan[];
  widthPx: number;
  type: StageType;
  lens: Lens;
}

const MOST_SHOWN = 3;
/** How far it has come. */
const STANDS_AT = 0.55;

export function HeldHops({ plans, widthPx, type, lens }: Props) {
  const waiting = useStore(holdStore, (hold) => hold.waiting);
  const halves = plans.map((plan) => ({
    plan,
    steps: waiting.filter(({ pattern }) => pattern === plan.half.pattern).slice(0, MOST_SHOWN),
  }));
  const most = Math.max(...halves.map(({ steps }) => steps.length), 0);
  if (most === 0) return null;
  const rowPx = type.scale.rowPx;
  const heightPx = (most + 0.5) * rowPx;
  return (
    <div className={style.held}>
      <svg width={widthPx} height={heightPx} role="img" aria-label="Hops that wait at their taps">
        {halves.map(({ plan, steps }) => (
          <g key={plan.half.pattern} data-pattern={plan.half.pattern}>
            {plan.half.columns.map((column, index) =>
              column.hidden ? null : (
                <path
                  key={column.id}
                  className={stageStyle.lifeline}
                  d={`M${plan.xs[index] ?? 0} 0V${heightPx}`}
                />
              ),
            )}
            {steps.map((step, index) => (
              <HeldHop
                key={step.id}
                step={step}
                plan={plan}
                y={rowPx * (index + 0.85)}
                type={type}
                lens={lens}
              />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function HeldHop({ step, plan, y, type, lens }: HeldHopProps) {
  const x1 = plan.xs[plan.half.indexOf(step.from)] ?? 0;
  const x2 = plan.xs[plan.half.indexOf(step.to)] ?? 0;
  const at = x1 + (x2 - x1) * STANDS_AT;
  const roomPx = Math.max(Math.abs(x2 - x1) - 16, 112);
  const words = lens === "protocol" ? step.label : explainStep(step).label;
  const times = step.count > 1 ? ` ×${step.count}` : "";
  const label = fitLabel(words, Math.floor(roomPx / type.charPx) - times.length) + times;
  const half = type.headPx * 0.6;
  const middle = Math.min(
    Math.max((x1 + x2) / 2, plan.leftPx + roomPx / 2 + 4),
    plan.leftPx + plan.widthPx - roomPx / 2 - 4,
  );
  return (
    <g data-hue={hueOf(step)} className={cx(hopStyle.hop, step.isBehind && style.behind)}>
      <path className={hopStyle.wire} d={`M${x1} ${y}H${at}`} />
      <path className={cx(hopStyle.wire, style.ahead)} d={`M${at} ${y}H${x2}`} />
      <path
        className={style.stop}
        d={`M${at - half * 0.5} ${y - half}V${y + half}M${at + half * 0.5} ${y - half}V${y + half}`}
      />
      <text className={hopStyle.label} x={middle} y={y - type.labelPx * 0.5}>
        {label}
      </text>
    </g>
  );
}

interface HeldHopProps {
  step: WaitingStep;
  plan: HalfPlan;
  y: number;
  type: StageType;
  lens: Lens;
}

/** As arrows have: by the far end behind the replicas, else the pattern's own. */
function hueOf({ from, to }: WaitingStep): "broker" | "store" | undefined {
  if (from === "broker" || to === "broker") return "broker";
  return from === "store" || to === "store" ? "store" : undefined;
}
