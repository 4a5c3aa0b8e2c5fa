/** What the pattern's reference does not allow or does not draw, the newest first; each leads to its hop. */
import type { Conformance } from "../../../shared/patterns/conformance.ts";
import { sentence } from "../../../shared/patterns/names.ts";
import { selectHop } from "../../stores/view-store.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import styles from "./VerdictPanel.module.css";

const SHOWN = 12;

interface FindingsProps {
  conformance: Conformance;
  /** What was followed: `poll`, `connection`. */
  what: string;
}

export function Findings({ conformance: { followed, findings }, what }: FindingsProps) {
  if (followed === 0 && findings.length === 0) {
    return <p className={styles.quiet}>No {what} has been seen to its end yet.</p>;
  }
  const count = `${wholeNumber(followed)} ${what}${followed === 1 ? "" : "s"} followed`;
  const broken = findings.filter(({ weight }) => weight === "breaks").length;
  return (
    <>
      <p className={styles.conformance} data-bad={broken > 0 || undefined}>
        {broken > 0
          ? `✕ ${count}: ${wholeNumber(broken)} times the pattern was broken.`
          : `✓ ${count}, as the reference draws them${findings.length > 0 ? ", but for:" : "."}`}
      </p>
      <ol className={styles.findings}>
        {findings
          .slice(-SHOWN)
          .reverse()
          .map(({ seq, weight, words }) => (
            <li key={`${seq} ${words}`}>
              <button
                type="button"
                data-bad={weight === "breaks" || undefined}
                onClick={() => selectHop(seq)}
              >
                {weight === "breaks" ? "✕ " : "◦ "}
                {sentence(words)}
              </button>
            </li>
          ))}
      </ol>
      {findings.length > SHOWN && (
        <p className={styles.quiet}>and {wholeNumber(findings.length - SHOWN)} before these</p>
      )}
    </>
  );
}
