/**
 * The bar below the stage. Two things stand apart in it: freezing the *view* stops the drawing and
 * counts what waits, and the cluster goes on; holding the *traffic* stops the hops themselves.
 */
import { Pause, Play } from "lucide-react";
import { useStore } from "zustand";
import { metricsStore } from "../../stores/metrics-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { HoldControls } from "./HoldControls.tsx";
import { Pulse } from "./Pulse.tsx";
import styles from "./TransportBar.module.css";

/** As far back as the pulse beside it reaches. */
const FORGOTTEN_AFTER_S = 120;

type Mode = "live" | "frozen";

export function TransportBar() {
  const frozen = useStore(viewStore, (view) => view.frozen);
  const waiting = useStore(traceStore, (trace) => trace.waiting);
  const dropped = useStore(traceStore, (trace) => trace.dropped);
  const hops = wholeNumber(waiting);
  return (
    <section className={styles.bar} aria-label="Transport">
      <Segmented<Mode>
        label="Drawing"
        value={frozen ? "frozen" : "live"}
        choices={[
          {
            value: "live",
            name: "Live",
            label: (
              <>
                <Play aria-hidden /> live
              </>
            ),
          },
          {
            value: "frozen",
            name: "Freeze the view",
            label: (
              <>
                <Pause aria-hidden /> {frozen ? "view frozen" : "freeze view"}
              </>
            ),
          },
        ]}
        onChange={(mode) => viewStore.setState({ frozen: mode === "frozen" })}
      />
      <HoldControls />
      <p className={styles.state} aria-live="off">
        {frozen && `${hops} ${waiting === 1 ? "hop waits" : "hops wait"}; the traffic goes on.`}
        {!frozen && dropped > 0 && `${wholeNumber(dropped)} hops counted, not drawn`}
      </p>
      <LastMarker />
      <Pulse />
    </section>
  );
}

/** The newest thing that someone did to the cluster. */
function LastMarker() {
  const marker = useStore(metricsStore, ({ markers }) => markers.at(-1));
  const now = useStore(metricsStore, ({ latest }) => latest?.at);
  if (marker === undefined) return null;
  const ago = now === undefined ? 0 : Math.max(0, Math.round((now - marker.at) / 1_000));
  if (ago > FORGOTTEN_AFTER_S) return null;
  return (
    <p className={styles.marker} data-tone={marker.tone} title={marker.text}>
      <span className={styles.ago}>{agoWords(ago)}</span> {marker.tone === "bad" && "✕ "}
      {marker.text}
    </p>
  );
}

function agoWords(seconds: number): string {
  if (seconds < 2) return "now";
  return `${seconds} s ago`;
}
