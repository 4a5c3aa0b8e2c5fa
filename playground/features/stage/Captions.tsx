/** The teaching line under each half. */
import { useStore } from "zustand";
import { isPattern } from "../../../shared/contracts/ids.ts";
import { SETTINGS } from "../../../shared/contracts/settings.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { captionOf } from "./caption.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./stage.module.css";
import { targetCaption } from "./target-caption.ts";
import { SLOWLY, usePulse } from "./use-pulse.ts";

export function Captions({ plans }: { plans: readonly HalfPlan[] }) {
  usePulse(SLOWLY);
  const settings = useStore(clusterStore, (state) => state.snapshot?.settings);
  const { diagram, wireNow } = traceStore.getState();
  const timeouts = {
    pollTimeoutMs: settings?.pollTimeoutMs ?? SETTINGS.pollTimeoutMs.default,
    pingIntervalMs: settings?.pingIntervalMs ?? SETTINGS.pingIntervalMs.default,
  };
  return (
    <div className={style.captions}>
      {plans.map(({ half }) => (
        <p key={half.pattern} data-pattern={half.pattern}>
          {isPattern(half.pattern)
            ? captionOf(diagram, half.pattern, wireNow(), timeouts)
            : targetCaption(diagram, wireNow())}
        </p>
      ))}
    </div>
  );
}
