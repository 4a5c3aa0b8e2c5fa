/** The teaching line under each half. */
import { isPattern } from "../../../shared/contracts/ids.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { useTimeouts } from "../../stores/use-timeouts.ts";
import { captionOf } from "./caption.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./stage.module.css";
import { targetCaption } from "./target-caption.ts";
import { SLOWLY, usePulse } from "./use-pulse.ts";

export function Captions({ plans }: { plans: readonly HalfPlan[] }) {
  usePulse(SLOWLY);
  const timeouts = useTimeouts();
  const { diagram, playhead, rowsShown, wireNow } = traceStore.getState();
  const past = playhead === null ? undefined : { rows: rowsShown() };
  return (
    <div className={style.captions}>
      {plans.map(({ half }) => (
        <p key={half.pattern} data-pattern={half.pattern}>
          {isPattern(half.pattern)
            ? captionOf(diagram, half.pattern, wireNow(), timeouts, past)
            : targetCaption(diagram, wireNow())}
        </p>
      ))}
    </div>
  );
}
