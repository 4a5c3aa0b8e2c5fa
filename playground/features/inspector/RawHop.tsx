/** The bytes of a hop as they crossed, secrets blanked, and decoded where a decoder knows more. */
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { type RawHopView, useCommands } from "../../stores/commands.ts";
import { traceStore } from "../../stores/trace-store.ts";
import styles from "./Inspector.module.css";

type Loaded = { state: "loading" } | { state: "loaded"; raw: RawHopView | null };

export function RawHop({ seq }: { seq: number }) {
  const isRecorded = useStore(traceStore, ({ recording }) => recording !== null);
  // The wire would answer with the bytes of another hop that has the same number now.
  if (isRecorded) return <p className={styles.mute}>A recording keeps no bytes.</p>;
  return <LiveRawHop seq={seq} />;
}

function LiveRawHop({ seq }: { seq: number }) {
  const { rawHop } = useCommands();
  const [loaded, setLoaded] = useState<Loaded>({ state: "loading" });
  useEffect(() => {
    let isCurrent = true;
    void rawHop(seq).then((raw) => {
      if (isCurrent) setLoaded({ state: "loaded", raw });
    });
    return () => {
      isCurrent = false;
    };
  }, [seq, rawHop]);
  if (loaded.state === "loading") return <p className={styles.mute}>Fetching its bytes…</p>;
  const { raw } = loaded;
  if (raw === null) {
    return <p className={styles.mute}>Its bytes are gone: the wire keeps only the newest.</p>;
  }
  return (
    <>
      {raw.decoded !== undefined && <Block title="Decoded" text={raw.decoded} />}
      <Block title={raw.truncated ? "Bytes (the beginning)" : "Bytes"} text={raw.text} />
    </>
  );
}

function Block({ title, text }: { title: string; text: string }) {
  return (
    <section>
      <h4 className={styles.subtitle}>{title}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre className={styles.raw} tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}
