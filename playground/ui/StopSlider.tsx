/**
 * A slider over named stops, so that a range from 100 ms to 5 min has room for both ends and every
 * key press lands on a round value. It shows the value while it moves and commits when it rests.
 */
import styles from "./StopSlider.module.css";
import { useDraft } from "./use-draft.ts";

interface StopSliderProps {
  label: string;
  value: number;
  /** Ascending. A value between two stops becomes a stop of its own. */
  stops: readonly number[];
  words: (value: number) => string;
  hint?: string;
  onCommit: (value: number) => Promise<unknown>;
}

export function StopSlider({ label, value, stops, words, hint, onCommit }: StopSliderProps) {
  const draft = useDraft(value, onCommit);
  const all = withStop(stops, value);
  const index = Math.max(0, all.indexOf(draft.shown));
  return (
    <label className={styles.slider} title={hint} data-pending={draft.isPending || undefined}>
      <span className={styles.label}>{label}</span>
      <output className={styles.value}>{words(draft.shown)}</output>
      <input
        type="range"
        className={styles.range}
        min={0}
        max={all.length - 1}
        value={index}
        aria-label={label}
        aria-valuetext={words(draft.shown)}
        aria-busy={draft.isPending}
        style={{ "--at": `${(100 * index) / Math.max(1, all.length - 1)}%` }}
        onChange={(event) => draft.set(all[event.target.valueAsNumber] ?? value)}
      />
    </label>
  );
}

function withStop(stops: readonly number[], value: number): readonly number[] {
  return stops.includes(value) ? stops : [...stops, value].sort((a, b) => a - b);
}
