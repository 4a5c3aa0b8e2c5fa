/** The verdict on what is shown: who got which message, and whether the pattern was kept to. */
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { Findings } from "./Findings.tsx";
import { Receipts } from "./Receipts.tsx";
import { useVerdict } from "./use-verdict.ts";
import styles from "./VerdictPanel.module.css";

const FOLLOWED: Readonly<Record<Pattern, string>> = {
  "long-polling": "poll",
  "web-sockets": "connection",
};

export function VerdictPanel() {
  const patterns = shownPatterns(useStore(viewStore, (view) => view.shown));
  if (patterns.length === 0) {
    return (
      <p className={styles.quiet}>
        What a message of your server is, only you know: nothing of it is judged.
      </p>
    );
  }
  return (
    <div className={styles.panel}>
      {patterns.map((pattern) => (
        <PatternVerdict key={pattern} pattern={pattern} />
      ))}
      <p className={styles.note}>
        Read off the hops that this page keeps. What all clients got, also those that are not drawn,
        is counted in the charts’ ledger.
      </p>
    </div>
  );
}

function PatternVerdict({ pattern }: { pattern: Pattern }) {
  const { table, conformance, isPartial } = useVerdict(pattern);
  return (
    <section
      className={styles.pattern}
      data-pattern={pattern}
      aria-label={`Verdict on ${PATTERN_NAMES[pattern]}`}
    >
      <h3 className={styles.title}>{PATTERN_NAMES[pattern]}</h3>
      {isPartial && (
        <p className={styles.note}>
          Not every hop was kept for drawing: what is called lost or broken here may only not have
          been seen.
        </p>
      )}
      <Receipts table={table} />
      <Findings conformance={conformance} what={FOLLOWED[pattern]} />
    </section>
  );
}
