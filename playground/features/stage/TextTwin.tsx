/**
 * The diagram in words: the newest hops, oldest first, for those who cannot see arrows or would
 * rather read. It is a list to go through, not an announcement: nothing is spoken by itself.
 */
import { useStore } from "zustand";
import type { Row } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { selectHop, viewStore } from "../../stores/view-store.ts";
import { sentenceOf } from "./lens-words.ts";
import { quietWords } from "./quiet-words.ts";
import style from "./TextTwin.module.css";
import { usePulse } from "./use-pulse.ts";

const SHOWN_ROWS = 80;
const EVERY_MS = 1_000;

export function TextTwin() {
  usePulse({ runningMs: EVERY_MS, onChange: false });
  const { diagram, eventBySeq, rowsShown } = traceStore.getState();
  const selected = useStore(viewStore, (view) => view.selected);
  const end = rowsShown();
  const rows = diagram.sequence.rows.slice(Math.max(0, end - SHOWN_ROWS), end);
  const lastMs = rows.at(-1)?.atMs ?? 0;
  if (rows.length === 0) return <p className={style.empty}>Nothing has crossed a link yet.</p>;
  return (
    <ol className={style.twin} aria-label="The newest hops in words, oldest first">
      {rows.map((row) => (
        <li key={row.key} data-kind={row.kind}>
          <span className={style.ago}>{agoWords(lastMs - row.atMs)}</span>
          {row.kind === "hop" ? (
            <button
              type="button"
              data-pattern={row.pattern}
              aria-pressed={row.seqs.includes(selected ?? -1)}
              onClick={() => selectHop(row.event.seq)}
            >
              {sentenceOf(row, eventBySeq)}
              {row.count > 1 && <b> ×{row.count.toLocaleString("en")}</b>}
              {row.reported === "updated" && <i> It says it updated its list.</i>}
              {row.reported === "nothing" && <i> It says nothing changed.</i>}
            </button>
          ) : (
            <span>{wordsAcross(row)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}

function wordsAcross(row: Exclude<Row, { kind: "hop" }>): string {
  switch (row.kind) {
    case "break":
      return `Quiet for ${quietWords(row.quietMs)}.`;
    case "fold": {
      const beats = row.heartbeats["long-polling"] + row.heartbeats["web-sockets"];
      return `Folded: ${row.idlePolls} idle polls and ${beats} heartbeats in ${quietWords(row.spanMs)}.`;
    }
    case "marker":
      return row.marker.text;
  }
}

function agoWords(ms: number): string {
  return ms < 10
    ? `−${ms.toFixed(1)} ms`
    : ms < 1_000
      ? `−${Math.round(ms)} ms`
      : `−${quietWords(ms)}`;
}
