/** How full everything is that could grow: nothing of the traffic is kept without a bound. */
import { useStore } from "zustand";
import { metricsStore } from "../../stores/metrics-store.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import styles from "./Charts.module.css";

export function Limits() {
  const latest = useStore(metricsStore, (state) => state.latest);
  if (latest === null) return null;
  const rows = Object.entries(latest.limits).sort(([a], [b]) => a.localeCompare(b));
  return (
    <details>
      <summary className={styles.title}>Limits: what is kept, and the most that may be</summary>
      <table className={styles.ledger}>
        <tbody>
          {rows.map(([name, { used, limit }]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{wholeNumber(used)}</td>
              <td>of {wholeNumber(limit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
