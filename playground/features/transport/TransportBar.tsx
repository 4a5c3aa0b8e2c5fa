/**
 * The bar below the stage: whether the view is live or frozen, how busy the wire is, and what was
 * not drawn. Freezing stops the drawing only; traffic goes on, and is counted here.
 */
import { Pause, Play } from "lucide-react";
import { useStore } from "zustand";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { Pulse } from "./Pulse.tsx";
import styles from "./TransportBar.module.css";

const CHOICES = [
  {
    value: "live",
    name: "Live: draw what happens",
    label: (
      <>
        <Play aria-hidden /> live
      </>
    ),
  },
  {
    value: "frozen",
    name: "Freeze the view; traffic goes on",
    label: (
      <>
        <Pause aria-hidden /> freeze view
      </>
    ),
  },
] as const;

export function TransportBar() {
  const frozen = useStore(viewStore, (view) => view.frozen);
  return (
    <footer className={styles.bar}>
      <Segmented
        label="The view"
        value={frozen ? "frozen" : "live"}
        choices={CHOICES}
        onChange={(value) => viewStore.setState({ frozen: value === "frozen" })}
      />
      <Held frozen={frozen} />
      <span className={styles.space} />
      <Dropped />
      <Pulse />
    </footer>
  );
}

function Held({ frozen }: { frozen: boolean }) {
  const waiting = useStore(traceStore, (trace) => trace.waiting);
  if (!frozen) return null;
  return (
    <p className={styles.held} role="status">
      The view stands still; traffic goes on. <b>{wholeNumber(waiting)}</b> hops wait to be drawn.
    </p>
  );
}

function Dropped() {
  const dropped = useStore(traceStore, (trace) => trace.dropped);
  if (dropped === 0) return null;
  return (
    <p
      className={styles.dropped}
      title="Drawing is sampled when there is very much; figures and ledger count everything."
    >
      <b>{wholeNumber(dropped)}</b> hops counted, not drawn
    </p>
  );
}
