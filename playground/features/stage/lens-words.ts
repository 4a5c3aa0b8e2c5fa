/** What an arrow is called under each lens, and told in a sentence. */
import { plainLabel } from "../../../shared/trace/bundles.ts";
import type { Lens } from "../../../shared/trace/lens.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { participantName } from "../../ui/names.ts";

export function labelOf(row: HopRow, _lens: Lens): string {
  return row.mixed ? plainLabel(row.event.label) : row.event.label;
}

export function sentenceOf(row: HopRow): string {
  const { event } = row;
  return `${participantName(event.from)} → ${participantName(event.to)}: ${event.label}`;
}
