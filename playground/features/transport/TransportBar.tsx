/**
 * The bar below everything. Two things stand apart in it: freezing the *view* stops the drawing and
 * counts what waits, and the cluster goes on; holding the *traffic* stops the hops themselves. What
 * stands still, frozen or recorded, can be gone through hop by hop.
 */
import { Pause, Play } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { metricsStore } from "../../stores/metrics-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { Clock } from "./Clock.tsx";
import { HoldControls } from "./HoldControls.tsx";
import { BookmarkButton, JumpMenu, PlayControls } from "./Playback.tsx";
import { Pulse } from "./Pulse.tsx";
import { Timeline } from "./Timeline.tsx";
import styles from "./TransportBar.module.css";

/** As far back as the pulse beside it reaches. */
const FORGOTTEN_AFTER_S = 120;

type Mode = "live" | "frozen";

/** `files`: what can be done with recordings. */
export function TransportBar({ files }: { files: ReactNode }) {
  const frozen = useStore(viewStore, (view) => view.frozen);
  return (
    <section className={styles.bar} aria-label="Transport">
      <FreezeSwitch />
      <HoldControls />
      <PlayControls />
      <div className={styles.middle}>
        {frozen ? (
          <Timeline />
        ) : (
          <>
            <LastMarker />
            <Pulse />
          </>
        )}
      </div>
      <Clock />
      <div className={styles.places}>
        <JumpMenu />
        <BookmarkButton />
        {files}
      </div>
    </section>
  );
}

function FreezeSwitch() {
  const frozen = useStore(viewStore, (view) => view.frozen);
  const isRecording = useStore(traceStore, ({ recording }) => recording !== null);
  const still = isRecording ? "recording" : "frozen";
  return (
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
            <span className={styles.still}>
              <Pause aria-hidden /> {frozen ? still : "freeze"}
            </span>
          ),
        },
      ]}
      onChange={(mode) => viewStore.setState({ frozen: mode === "frozen" })}
    />
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
