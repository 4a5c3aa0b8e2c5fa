/** Looks for text in what is shown: labels, messages' texts and ids, names, trace ids, `#seq`. Pure. */
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { Row } from "../../shared/trace/rows.ts";

/** Places of the rows that match, in their order; none for a blank query. */
export function matchesOf(rows: readonly Row[], query: string): readonly number[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const found: number[] = [];
  rows.forEach((row, index) => {
    if (matches(row, wanted)) found.push(index);
  });
  return found;
}

function matches(row: Row, wanted: string): boolean {
  switch (row.kind) {
    case "hop":
      return row.seqs.some((seq) => `#${seq}` === wanted) || isIn(row.event, wanted);
    case "marker":
      return row.marker.text.toLowerCase().includes(wanted);
    case "break":
    case "fold":
      return false;
  }
}

function isIn({ label, info, from, to, traceId, messageIds }: TraceEvent, wanted: string): boolean {
  const has = (text: string | undefined) => text?.toLowerCase().includes(wanted) === true;
  return (
    has(label) ||
    has(info?.text) ||
    has(from) ||
    has(to) ||
    has(traceId) ||
    messageIds?.some(has) === true
  );
}
