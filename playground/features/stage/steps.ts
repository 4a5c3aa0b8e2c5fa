/** Where the arrow keys lead: up and down among hops and folds, left to a cause, right to an effect. */
import type { Diagram } from "../../../shared/trace/diagram.ts";
import type { FoldRow, HopRow, Row } from "../../../shared/trace/rows.ts";

export type Stop = HopRow | FoldRow;

function isStop(row: Row | undefined): row is Stop {
  return row?.kind === "hop" || row?.kind === "fold";
}

/** The next stop in that direction among the first so many; from nowhere, the newest. */
export function stepTo(
  rows: readonly Row[],
  end: number,
  from: Stop | undefined,
  by: 1 | -1,
): Stop | undefined {
  let index = from === undefined ? end : rows.indexOf(from);
  if (index === -1) index = end;
  if (from === undefined && by === 1) index = -1;
  for (let at = index + by; at >= 0 && at < end; at += by) {
    const row = rows[at];
    if (isStop(row)) return row;
  }
  return undefined;
}

export function causeOf(diagram: Diagram, row: HopRow): HopRow | undefined {
  return rowsOf(
    diagram,
    row.seqs.flatMap((seq) => diagram.events.causesOf(seq)),
  )[0];
}

export function effectOf(diagram: Diagram, row: HopRow): HopRow | undefined {
  return rowsOf(
    diagram,
    row.seqs.flatMap((seq) => diagram.events.effectsOf(seq)),
  )[0];
}

function rowsOf(diagram: Diagram, events: readonly { seq: number }[]): HopRow[] {
  return events.flatMap((event) => diagram.sequence.rowOf(event.seq) ?? []);
}
