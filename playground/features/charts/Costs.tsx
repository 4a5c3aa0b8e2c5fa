/** What every process uses, and what 1,000 deliveries cost in CPU time, pattern beside pattern. */
import { useStore } from "zustand";
import { PATTERNS, type Pattern } from "../../../shared/contracts/ids.ts";
import type { Metrics, ProcessCost } from "../../../shared/contracts/metrics.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { bytesWords, durationWords, shortNumber } from "../../ui/numbers.ts";
import styles from "./Charts.module.css";

export function Costs() {
  const latest = useStore(metricsStore, (state) => state.latest);
  if (latest === null) return null;
  const processes = Object.entries(latest.processes);
  if (processes.length === 0) return null;
  return (
    <>
      <PerThousand metrics={latest} />
      <table className={styles.ledger}>
        <caption className={styles.title}>Processes, now</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">CPU</th>
            <th scope="col">memory</th>
            <th scope="col" title="How late its event loop runs, on average: waiting work.">
              lag
            </th>
          </tr>
        </thead>
        <tbody>
          {processes.map(([name, cost]) => (
            <Process key={name} name={name} cost={cost} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Process({ name, cost }: { name: string; cost: ProcessCost }) {
  const { cpuPercent, rssBytes, loopLagMs } = cost;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{cpuPercent === undefined ? "–" : `${shortNumber(cpuPercent)} %`}</td>
      <td>{rssBytes === undefined ? "–" : bytesWords(rssBytes)}</td>
      <td>{loopLagMs === undefined ? "–" : durationWords(loopLagMs)}</td>
    </tr>
  );
}

const NAMES = { "long-polling": "LP replicas", "web-sockets": "WS replicas" } as const;

/** Of fewer deliveries nothing can be said but what waiting for them costs. */
const FEWEST_DELIVERIES = 100;

/** Over the last minute: a pattern's replicas for its own deliveries, what is shared for all. */
function PerThousand({ metrics }: { metrics: Metrics }) {
  const { cpuMsPerThousand: cost, patterns } = metrics;
  const delivered = (pattern: Pattern) => patterns[pattern].window.latencyMs.count;
  const shown = useStore(viewStore, (view) => view.shown);
  const isEnough = (of: readonly Pattern[]) =>
    of.reduce((sum, pattern) => sum + delivered(pattern), 0) >= FEWEST_DELIVERIES;
  const told = shownPatterns(shown).filter((pattern) => isEnough([pattern]));
  const own = told.map((pattern) => ({
    name: NAMES[pattern],
    pattern,
    ms: cost.replicas[pattern],
  }));
  const shared = isEnough(PATTERNS)
    ? Object.entries(cost.shared).map(([name, ms]) => ({ name, ms }))
    : [];
  const rows = [...own, ...shared].filter(({ ms }) => ms !== undefined);
  if (rows.length === 0) return null;
  return (
    <table className={styles.ledger}>
      <caption className={styles.title}>CPU time for 1,000 deliveries, last minute</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} data-pattern={"pattern" in row ? row.pattern : undefined}>
            <th scope="row">{row.name}</th>
            <td>{durationWords(row.ms ?? Number.NaN)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
