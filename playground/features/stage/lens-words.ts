/** What an arrow is called under each lens, and told in a sentence. A mixed bundle says what its hops share. */
import { genericLabel } from "../../../shared/trace/bundles.ts";
import { type EventBySeq, hopLabel, hopSentence } from "../../../shared/trace/hop-words.ts";
import type { Lens } from "../../../shared/trace/lens.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";

export function labelOf(row: HopRow, lens: Lens, bySeq: EventBySeq): string {
  if (row.mixed && lens === "protocol") return genericLabel(row.event.label);
  return hopLabel(row.event, lens, bySeq);
}

export function sentenceOf(row: HopRow, bySeq: EventBySeq): string {
  return hopSentence(row.event, bySeq);
}
