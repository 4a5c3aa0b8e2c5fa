/** Open-loop traffic: how many messages a second arrive, whether or not anyone keeps up. */
import { useStore } from "zustand";
import { clusterStore } from "../../stores/cluster-store.ts";
import { useCommands } from "../../stores/commands.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { StopSlider } from "../../ui/StopSlider.tsx";
import { RATE_STOPS } from "./stops.ts";

export function RateControl() {
  const shown = useStore(viewStore, (view) => view.shown);
  const load = useStore(clusterStore, ({ snapshot }) => snapshot?.load);
  const { setRate } = useCommands();
  const patterns = shownPatterns(shown);
  const rate = Math.max(0, ...patterns.map((pattern) => load?.[pattern] ?? 0));
  return (
    <StopSlider
      label={patterns.length > 1 ? "Messages to each" : "Messages"}
      hint="Random arrivals (Poisson) at this mean rate, sent by the clients."
      value={rate}
      stops={RATE_STOPS}
      words={(perSecond) => (perSecond === 0 ? "none" : `${perSecond} /s`)}
      onCommit={(next) => Promise.all(patterns.map((pattern) => setRate(pattern, next)))}
    />
  );
}
