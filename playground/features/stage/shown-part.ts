/** What of the diagram is shown just now, and where it ends: all of it, or what the playhead has passed. */
import type { Diagram } from "../../../shared/trace/diagram.ts";
import type { Row } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import type { StageType } from "./stage-type.ts";
import { tailPx } from "./tail.ts";

export interface ShownPart {
  diagram: Diagram;
  rows: readonly Row[];
  /** How many of them are shown. */
  end: number;
  /** There is more behind the playhead. */
  isPast: boolean;
  nowMs: number;
  /** Since the last row that is shown. */
  quietMs: number;
  /** The top of the content, the end of the last row, and where time stands, on the axis. */
  originPx: number;
  endPx: number;
  nowPx: number;
}

/** Places what has no place yet. */
export function shownPart(type: StageType): ShownPart {
  const { diagram, playhead, wireNow, rowsShown } = traceStore.getState();
  diagram.place();
  const { rows, lastAtMs } = diagram.sequence;
  const end = rowsShown();
  const originPx = (rows[0]?.y ?? 0) - type.scale.rowPx;
  const last = rows[end - 1];
  const isPast = playhead !== null;
  const nowMs = wireNow();
  const quietMs = last === undefined ? 0 : Math.max(0, nowMs - (isPast ? last.atMs : lastAtMs));
  const lastPx = last === undefined ? originPx + type.scale.rowPx : diagram.axis.below(last);
  const endPx = isPast ? lastPx : diagram.axis.endPx;
  const nowPx = endPx + tailPx(quietMs, type);
  return { diagram, rows, end, isPast, nowMs, quietMs, originPx, endPx, nowPx };
}
