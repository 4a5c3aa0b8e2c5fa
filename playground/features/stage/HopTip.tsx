/** What a hop under the pointer is, in plain words, beside it. */
import type { HopRow } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { bytesWords, durationWords } from "../../ui/numbers.ts";
import { sentenceOf } from "./lens-words.ts";
import style from "./stage.module.css";

export interface Tip {
  row: HopRow;
  leftPx: number;
  topPx: number;
  /** It opens upwards where there is no room below. */
  above: boolean;
}

export function HopTip({ tip: { row, leftPx, topPx, above } }: { tip: Tip }) {
  const { event } = row;
  const crossed = durationWords(Math.max(0, event.doneAt - event.at));
  return (
    <div className={style.tip} data-above={above} style={{ left: leftPx, top: topPx }}>
      <p>{sentenceOf(row, traceStore.getState().eventBySeq)}</p>
      <p className={style.tipFacts}>
        {row.count > 1 && `${row.count.toLocaleString("en")} alike, the first: `}
        {event.label} · {bytesWords(event.bytes)} · {crossed} at the tap
        {row.reported !== null && " · "}
        {row.reported === "updated" && "the client says it updated its list"}
        {row.reported === "nothing" && "the client says nothing changed"}
      </p>
    </div>
  );
}
