/** The latency budget of a message's story: each part as a bar on one scale. */
import { participantName } from "../../ui/names.ts";
import { durationWords, wholeNumber } from "../../ui/numbers.ts";
import styles from "./BudgetBars.module.css";
import type { Budget } from "./latency-budget.ts";

export function BudgetBars({ budget }: { budget: Budget }) {
  const { bars, deliveries, later, messageId, sent, totalMs } = budget;
  const percent = (ms: number) => `${(100 * ms) / Math.max(totalMs, 0.001)}%`;
  return (
    <section aria-label="Where this message’s time went">
      <h4 className={styles.title}>
        {messageId === undefined
          ? "Where its time went"
          : `Where message ${messageId} spent its time`}
        <span className={styles.total}>{durationWords(totalMs)}</span>
      </h4>
      <p className={styles.way}>
        {participantName(sent.from)} → {participantName(sent.to)} → {clientsWords(deliveries)}
      </p>
      <ol className={styles.bars}>
        {bars.map((bar) => (
          <li key={bar.name} className={styles.bar}>
            <span className={styles.name} title={bar.name}>
              {bar.name}
            </span>
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
      {later > 0 && <p className={styles.later}>{laterWords(later)}</p>}
    </section>
  );
}

function laterWords(clients: number): string {
  const who = clients === 1 ? "One more client" : `${wholeNumber(clients)} more clients`;
  return `${who} asked only after it was sent; that wait is not counted.`;
}

function clientsWords(count: number): string {
  return count === 1 ? "1 client" : `${wholeNumber(count)} clients`;
}
