/** The delivery ledger and what a delivery costs, pattern beside pattern, and from when they count. */
import { Download } from "lucide-react";
import { useStore } from "zustand";
import type { Side } from "../../../shared/contracts/ids.ts";
import type { CountedSince, PatternMetrics } from "../../../shared/contracts/metrics.ts";
import { shownSides, viewStore } from "../../stores/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { csvOf } from "../../ui/csv.ts";
import { download } from "../../ui/download.ts";
import { durationWords, shortNumber, wholeNumber } from "../../ui/numbers.ts";
import styles from "./Charts.module.css";
import type { Figures } from "./recorded-figures.ts";

interface Row {
  name: string;
  hint: string;
  words: (metrics: PatternMetrics) => string;
  /** Anything but 0 is a failure. */
  isBad?: (metrics: PatternMetrics) => boolean;
  /** Whether it can be said of somebody else's server too. */
  isPlain?: true;
}

const ROWS: readonly Row[] = [
  row(
    "accepted",
    "Messages taken: a POST's 201, or an acknowledged send-message.",
    (m) => m.messages,
  ),
  row("delivered", "One client got one message.", (m) => m.deliveries),
  row("late", "Delivered, but after the time a delivery may take.", (m) => m.late),
  {
    ...row("lost", "A subscribed client moved past it without ever getting it.", (m) => m.lost),
    isBad: (m) => m.lost > 0,
  },
  {
    ...row("duplicates", "The same message twice to one client.", (m) => m.duplicates),
    isBad: (m) => m.duplicates > 0,
  },
  row("out of order", "An older message after a newer one.", (m) => m.outOfOrder),
  plain(
    "perturbed",
    "Hops held or paced by hand, or touched by a fault: in no latency.",
    (m) => m.perturbed,
  ),
  row("replayed", "Accepted before the client first appeared.", (m) => m.replayed),
  plain("idle requests", "Polls answered with no message.", (m) => m.idleRequests),
  {
    name: "idle per delivery",
    hint: "Idle requests for each message that one client got.",
    words: (m) => ratio(m.idleRequests, m.deliveries),
  },
  {
    name: "wire ÷ payload bytes",
    hint: "Bytes on the client links for each byte of delivered text.",
    words: (m) => ratio(m.wireBytes, m.payloadBytes),
  },
  latencyRow("latency p50", "p50"),
  latencyRow("latency p99", "p99"),
];

function row(name: string, hint: string, read: (metrics: PatternMetrics) => number): Row {
  return { name, hint, words: (metrics) => wholeNumber(read(metrics)) };
}

function plain(...facts: Parameters<typeof row>): Row {
  return { ...row(...facts), isPlain: true };
}

function latencyRow(name: string, part: "p50" | "p99"): Row {
  return {
    name,
    hint: "Delivery latency of all that is counted here.",
    words: ({ latencyMs }) => (latencyMs.count === 0 ? "–" : durationWords(latencyMs[part])),
  };
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "–" : shortNumber(part / whole);
}

const SINCE: Record<CountedSince["why"], string> = {
  start: "since start",
  reset: "since reset",
  "wire-restart": "since the wire process was restarted",
};

/** Only counted: its messages are its own affair. */
const TARGET_ROWS: readonly Row[] = [
  row("requests", "HTTP requests, polls among them.", (m) => m.requests),
  row("polls", "Requests that were left waiting, or are like one that was.", (m) => m.polls),
  ...ROWS.filter(({ isPlain }) => isPlain),
  row("idle bytes", "Bytes of idle requests and their answers.", (m) => m.idleBytes),
  row("packets", "Engine.IO packets and WebSocket frames.", (m) => m.frames),
  row("open now", "Requests that wait for an answer, and open sockets.", (m) => m.held),
  row("wire bytes", "All bytes between clients and server.", (m) => m.wireBytes),
];

const HEADS: Record<Side, string> = {
  "long-polling": "LP",
  "web-sockets": "WS",
  target: "server",
};

export function Ledger({ latest }: { latest: Figures["latest"] }) {
  const shown = useStore(viewStore, (view) => view.shown);
  if (latest === null) return null;
  const patterns = shownSides(shown);
  const rows = shown === "target" ? TARGET_ROWS : ROWS;
  const { at, since } = latest;
  return (
    <table className={styles.ledger}>
      <caption className={styles.title}>
        <span className={styles.save}>
          <Button small onPress={() => saveCsv(rows, patterns, latest)}>
            <Download size={13} aria-hidden /> CSV
          </Button>
        </span>
        Ledger, {SINCE[since.why]}
        <span className={styles.ago}> {durationWords(Math.max(0, at - since.at))} ago</span>
        {since.why === "wire-restart" && (
          <p className={styles.note}>
            What crossed while no wire process watched, and what the lost one had counted, is in no
            figure.
          </p>
        )}
      </caption>
      <thead>
        <tr>
          <td />
          {patterns.map((pattern) => (
            <th key={pattern} scope="col" data-pattern={pattern}>
              {HEADS[pattern]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, hint, words, isBad }) => (
          <tr key={name} title={hint}>
            <th scope="row">{name}</th>
            {patterns.map((pattern) => {
              const metrics = latest.patterns[pattern];
              if (metrics === undefined) return <td key={pattern}>–</td>;
              const bad = isBad?.(metrics) ?? false;
              return (
                <td key={pattern} data-bad={bad || undefined}>
                  {bad && "✕ "}
                  {words(metrics)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function saveCsv(rows: readonly Row[], sides: readonly Side[], latest: Latest): void {
  const table = [
    ["", ...sides],
    ...rows.map(({ name, words }) => [
      name,
      ...sides.map((side) => {
        const metrics = latest.patterns[side];
        return metrics === undefined ? "" : words(metrics);
      }),
    ]),
  ];
  download([csvOf(table)], "text/csv", "realtime-playground-ledger.csv");
}

type Latest = NonNullable<Figures["latest"]>;
