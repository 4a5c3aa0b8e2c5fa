/** What counting costs the wire: the metrics fold on a stream like that of 1,000 polling clients. */

import { createMetricsFold } from "../../../shared/metrics/metrics-fold.ts";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import type { BenchRow } from "../row.ts";

const CLIENTS = 1_000;
const MESSAGES = 50;

/** One message to all: it is taken and stored, each client is answered, and polls again. */
function* stream(message: number, atMs: number): Generator<TraceEvent> {
  let seq = message * (CLIENTS + 1) * 2;
  const base = { at: atMs, doneAt: atMs + 1, bytes: 200, pattern: "long-polling" } as const;
  const messageIds: TraceEvent["messageIds"] = [`long-polling/lobby/${message + 1}`];
  const traceId = `trace-${message}`;
  yield {
    ...base,
    seq: seq++,
    kind: "http.request",
    from: "client:visitor",
    to: "replica:lp-1",
    label: "POST",
    traceId,
    info: { method: "POST", room: "lobby", text: "hello", textBytes: 5 },
  };
  yield {
    ...base,
    seq: seq++,
    kind: "sql.result",
    from: "store",
    to: "replica:lp-1",
    label: "id",
    traceId,
    messageIds,
  };
  for (let client = 0; client < CLIENTS; client++) {
    const who = `client:lp-client-${client}` as const;
    seq += 1;
    yield {
      ...base,
      seq,
      kind: "http.response",
      from: "replica:lp-1",
      to: who,
      label: "200",
      outcome: "messages",
      messageIds,
      info: { poll: true, status: 200 },
    };
    seq += 1;
    yield {
      ...base,
      seq,
      kind: "http.request",
      from: who,
      to: "replica:lp-1",
      label: "GET",
      info: { poll: true, after: message + 1, room: "lobby" },
    };
  }
}

export const foldRows: readonly BenchRow[] = [
  {
    id: "metrics-fold",
    what: "Metrics and ledger, for each event",
    unit: "µs",
    rounds: { quick: 5, full: 11 },
    open: async () => ({
      subjects: {
        "metrics fold": async () => {
          let nowMs = 0;
          const fold = createMetricsFold({ now: () => nowMs });
          const rounds = Array.from({ length: MESSAGES }, (_, message) => [
            ...stream(message, message * 100),
          ]);
          const start = performance.now();
          for (const events of rounds) {
            nowMs += 100;
            for (const event of events) fold.fold(event);
          }
          return ((performance.now() - start) * 1_000) / (MESSAGES * (CLIENTS + 1) * 2);
        },
      },
      close: async () => undefined,
    }),
  },
];
