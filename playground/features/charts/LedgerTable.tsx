/** The delivery ledger: each message × each subscribed client, judged; and what it cost. */
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { PatternMetrics } from "../../../shared/contracts/metrics.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { shortNumber, wholeNumber } from "../../ui/numbers.ts";
import styles from "./Charts.module.css";

interface Row {
  name: string;
  hint: string;
  value(metrics: PatternMetrics): string;
  /** Failure: drawn red, with a cross, where it is not zero. */
  isBad?(metrics: PatternMetrics): boolean;
}

const ROWS: readonly Row[] = [
  {
    name: "delivered",
    hint: "One message got by one client.",
    value: (m) => wholeNumber(m.deliveries),
  },
  {
    name: "late",
    hint: "Delivered, but much later than the others.",
    value: (m) => wholeNumber(m.late),
  },
  {
    name: "replayed",
    hint: "Got from the store by a client that came after the message. Counted in no latency.",
    value: (m) => wholeNumber(m.replayed),
  },
  {
    name: "duplicates",
    hint: "Got twice by the same client.",
    value: (m) => wholeNumber(m.duplicates),
    isBad: (m) => m.duplicates > 0,
  },
  {
    name: "out of order",
    hint: "Got after a newer one, where the pattern promises order.",
    value: (m) => wholeNumber(m.outOfOrder),
    isBad: (m) => m.outOfOrder > 0,
  },
  {
    name: "lost",
    hint: "Accepted, and never got by a client that was there.",
    value: (m) => wholeNumber(m.lost),
    isBad: (m) => m.lost > 0,
  },
  {
    name: "idle requests",
    hint: "Polls that were answered with no message, since reset.",
    value: (m) => wholeNumber(m.idleRequests),
  },
  {
    name: "idle per delivery",
    hint: "Idle requests for each message that a client got.",
    value: (m) => shortNumber(m.window.idlePerDelivery),
  },
  {
    name: "wire bytes per payload byte",
    hint: "What crossed the client link for each byte of message text delivered.",
    value: (m) => shortNumber(m.window.wireBytesPerPayloadByte),
  },
];

const NAMES: Record<Pattern, string> = { "long-polling": "LP", "web-sockets": "WS" };

export function LedgerTable({ patterns }: { patterns: readonly Pattern[] }) {
  const latest = useStore(metricsStore, (metrics) => metrics.latest);
  if (latest === null) return null;
  return (
    <table className={styles.ledger}>
      <caption>Delivery ledger</caption>
      <thead>
        <tr>
          <td />
          {patterns.map((pattern) => (
            <th key={pattern} scope="col" data-pattern={pattern}>
              {NAMES[pattern]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ROWS.map((row) => (
          <tr key={row.name} title={row.hint}>
            <th scope="row">{row.name}</th>
            {patterns.map((pattern) => {
              const metrics = latest.patterns[pattern];
              const isBad = row.isBad?.(metrics) === true;
              return (
                <td key={pattern} data-bad={isBad || undefined}>
                  {isBad && "✕ "}
                  {row.value(metrics)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
