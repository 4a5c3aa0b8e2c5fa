/** The two large figures of a pattern: how fast a delivery is, and what an idle client costs. */

import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { PatternMetrics } from "../../../shared/contracts/metrics.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import styles from "./Figures.module.css";

export function Figures({ pattern, alignEnd }: { pattern: Pattern; alignEnd?: boolean }) {
  const metrics = useStore(metricsStore, ({ latest }) => latest?.patterns[pattern]);
  const latency = latencyOf(metrics);
  return (
    <section
      aria-label={`${PATTERN_NAMES[pattern]}: figures`}
      className={styles.figures}
      data-pattern={pattern}
      data-end={alignEnd || undefined}
    >
      <Figure
        value={latency === null ? "–" : shortNumber(latency)}
        unit={latency === null ? "" : "ms"}
        name="delivery p50"
        hint="From the balancer's receipt of the POST to its forwarding of that message to a client: the median."
      />
      <Figure
        value={metrics === undefined ? "–" : shortNumber(metrics.window.idlePerClientMinute)}
        unit=""
        name="idle / client · min"
        hint="Polls that were answered with no message, per client and minute."
      />
    </section>
  );
}

/** The window's median; where it is empty, the one since reset: the last answer still stands. */
function latencyOf(metrics: PatternMetrics | undefined): number | null {
  if (metrics === undefined) return null;
  if (metrics.window.latencyMs.count > 0) return metrics.window.latencyMs.p50;
  return metrics.latencyMs.count > 0 ? metrics.latencyMs.p50 : null;
}

interface FigureProps {
  value: string;
  unit: string;
  name: string;
  hint: string;
}

function Figure({ value, unit, name, hint }: FigureProps) {
  return (
    <div className={styles.figure} title={hint}>
      <span className={styles.value}>
        {value}
        {unit !== "" && <span className={styles.unit}>{unit}</span>}
      </span>
      <span className={styles.name}>{name}</span>
    </div>
  );
}
