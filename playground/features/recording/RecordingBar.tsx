/**
 * Says that what is seen is a recording, which one, and how to get back. It stands where the live
 * cluster's controls would: nothing here can drive one.
 */
import { FileClock, Radio } from "lucide-react";
import { useStore } from "zustand";
import type { OpenRecording } from "../../stores/open-recording.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { durationWords, wholeNumber } from "../../ui/numbers.ts";
import styles from "./RecordingBar.module.css";

export function RecordingBar() {
  const recording = useStore(traceStore, (trace) => trace.recording);
  const opening = useStore(traceStore, (trace) => trace.opening);
  return (
    <section className={styles.bar} aria-label="Opened recording">
      <p className={styles.what}>
        <FileClock aria-hidden className={styles.icon} />
        <strong>Recording</strong>
        <span className={styles.name} title={opening ?? recording?.name}>
          {opening ?? recording?.name}
        </span>
        <span className={styles.facts}>
          {recording === null || opening !== null ? "is being read …" : factsOf(recording)}
        </span>
      </p>
      <Button look="main" onPress={() => viewStore.setState({ frozen: false })}>
        <Radio aria-hidden /> Back to live
      </Button>
    </section>
  );
}

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

function factsOf({ madeAtMs, program, events, dropped }: OpenRecording): string {
  const facts = [
    `saved ${DAY.format(madeAtMs)}${program === "" ? "" : ` by version ${program}`}`,
    `${wholeNumber(events.length)} hops in ${durationWords(spanMs(events))}`,
  ];
  if (dropped > 0) facts.push(`${wholeNumber(dropped)} more were counted, not kept`);
  return facts.join(" · ");
}

function spanMs(events: OpenRecording["events"]): number {
  return Math.max(0, (events.at(-1)?.doneAt ?? 0) - (events[0]?.at ?? 0));
}
