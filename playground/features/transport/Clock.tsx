/** Where time stands in what is shown, and what waits behind it. Its width never changes. */
import { useStore } from "zustand";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import { clockWords } from "./clock-words.ts";
import styles from "./Playback.module.css";

export function Clock() {
  const frozen = useStore(viewStore, (view) => view.frozen);
  return <p className={styles.clock}>{frozen ? <Standing /> : <Live />}</p>;
}

function Live() {
  const dropped = useStore(traceStore, (trace) => trace.dropped);
  return (
    <>
      <span className={styles.at}>live</span>
      <span className={styles.of} title="Hops that were counted, but not drawn">
        {dropped > 0 ? `${shortNumber(dropped)} not drawn` : "all hops drawn"}
      </span>
    </>
  );
}

function Standing() {
  const { diagram, recording, waiting, wireNow } = useStore(traceStore);
  const { rows } = diagram.sequence;
  const firstMs = rows[0]?.atMs ?? 0;
  const lastMs = rows.at(-1)?.atMs ?? firstMs;
  const length = `of ${clockWords(lastMs - firstMs).replace(/\.\d+$/u, "")}`;
  return (
    <>
      <span className={styles.at}>{clockWords(Math.min(wireNow(), lastMs) - firstMs)}</span>
      <span className={styles.of} title="The traffic goes on; what comes is drawn once it is live.">
        {recording === null ? `${length} · ${shortNumber(waiting)} wait` : length}
      </span>
    </>
  );
}
