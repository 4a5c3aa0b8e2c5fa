/** The latency budget of a message's story: each part as a bar on one scale. */
import { durationWords } from "../../ui/numbers.ts";
import styles from "./BudgetBars.module.css";
import type { Budget } from "./latency-budget.ts";

export function BudgetBars({ budget }: { budget: Budget }) {
  const { bars, totalMs } = budget;
  const percent = (ms: number) => `${(100 * ms) / Math.max(totalMs, 0.001)}%`;
  return (
    <section aria-label="Where this message’s time went">
      <h4 className={styles.title}>
        Where its time went <span className={styles.total}>{durationWords(totalMs)}</span>
      </h4>
      <ol className={styles.bars}>
        {bars.map((bar) => (
          <li key={bar.name} className={styles.bar}>
            <span className={styles.name}>{bar.name}</span>
            <span className={styles.rail}>
              <span
                className={styles.fill}
                data-tone={bar.tone}
                style={{ left: percent(bar.fromMs), width: percent(bar.toMs - bar.fromMs) }}
              />
            </span>
            <span className={styles.ms}>{durationWords(bar.toMs - bar.fromMs)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
