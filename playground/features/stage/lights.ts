/** What a selected hop lights: itself, what led to it, what it led to, and its message's whole story. */
import type { Diagram } from "../../../shared/trace/diagram.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";

export function litRows(diagram: Diagram, selected: number | null): ReadonlySet<HopRow> {
  const rows = new Set<HopRow>();
  if (selected === null) return rows;
  const { events, sequence } = diagram;
  const event = events.bySeq(selected);
  const kin = [
    ...events.causesOf(selected),
    ...events.effectsOf(selected),
    ...(event?.traceId === undefined ? [] : events.story(event.traceId)),
  ];
  for (const { seq } of kin) {
    const row = sequence.rowOf(seq);
    if (row !== undefined) rows.add(row);
  }
  return rows;
}
