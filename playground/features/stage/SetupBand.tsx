/**
 * How the links behind the replicas were set up, and are kept alive: pinned above the newest rows,
 * one line of subscriptions until it is opened. All of it really crossed; it only stands apart.
 */
import { useState } from "react";
import type { Lens } from "../../../shared/trace/lens.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import type { HalfPlan } from "./geometry.ts";
import { HopArrow } from "./HopArrow.tsx";
import style from "./stage.module.css";
import type { StageType } from "./stage-type.ts";
import { SLOWLY, usePulse } from "./use-pulse.ts";

interface Props {
  plans: readonly HalfPlan[];
  widthPx: number;
  type: StageType;
  lens: Lens;
}

export function SetupBand({ plans, widthPx, type, lens }: Props) {
  usePulse(SLOWLY);
  const [open, setOpen] = useState(false);
  const { sequence } = traceStore.getState().diagram;
  const halves = plans.map((plan) => {
    const all = sequence.setup(plan.half.pattern);
    return { plan, all, shown: open ? all : subscriptions(all) };
  });
  const most = Math.max(...halves.map(({ shown }) => shown.length), 0);
  if (halves.every(({ all }) => all.length === 0)) return null;
  const rowPx = type.scale.rowPx;
  const heightPx = Math.max(1, most) * rowPx + rowPx * 0.4;
  return (
    <div className={style.setup} data-open={open}>
      <button
        type="button"
        aria-expanded={open}
        title="What crossed the links when the replicas started"
        onClick={() => setOpen(!open)}
      >
        {open ? "▾" : "▸"} set-up
      </button>
      <svg width={widthPx} height={heightPx} role="img" aria-label="How the links were set up">
        {halves.map(({ plan, shown }) => (
          <g key={plan.half.pattern} data-pattern={plan.half.pattern}>
            {plan.half.columns.map((column, index) =>
              column.hidden ? null : (
                <path
                  key={column.id}
                  className={style.lifeline}
                  d={`M${plan.xs[index] ?? 0} 0V${heightPx}`}
                />
              ),
            )}
            {shown.map((row, index) => {
              const y = rowPx * (index + 0.8);
              return (
                <HopArrow
                  key={row.key}
                  row={{ ...row, y, slope: type.scale.slopePx }}
                  revision={row.revision}
                  y={y}
                  plan={plan}
                  type={type}
                  lens={lens}
                  light="none"
                  fresh={false}
                />
              );
            })}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** The one line that matters to the pattern: each replica subscribes; the first stands for all. */
function subscriptions(rows: readonly HopRow[]): readonly HopRow[] {
  const subscribes = rows.filter((row) => {
    return row.event.kind === "redis.command" && /SUBSCRIBE$/.test(row.event.info?.command ?? "");
  });
  const first = subscribes[0];
  if (first === undefined) return [];
  const count = subscribes.reduce((sum, row) => sum + row.count, 0);
  return [{ ...first, count }];
}
