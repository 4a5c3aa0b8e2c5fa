/**
 * What a hop is called under each lens, and told in a sentence: the one place where the diagram's
 * arrows, its text twin and its Mermaid text get their words.
 */
import { guideOf, plainLabel, plainWords, stepOf } from "../patterns/guide.ts";
import type { TraceEvent } from "./event.ts";
import type { Lens } from "./lens.ts";

export type EventBySeq = (seq: number) => TraceEvent | undefined;

export function hopLabel(event: TraceEvent, lens: Lens, bySeq: EventBySeq): string {
  switch (lens) {
    case "protocol":
      return event.label;
    case "plain":
      return plainLabel(event);
    case "reference":
      return referenceLabel(event, bySeq) ?? plainLabel(event);
  }
}

/** The reference diagram's own words, for hops that are in it. */
function referenceLabel(event: TraceEvent, bySeq: EventBySeq): string | undefined {
  const id = stepOf(event, bySeq);
  const step = guideOf(event)?.reference.steps.find((each) => each.id === id);
  // A note is about a hop, but does not name it.
  return step?.kind === "arrow" ? step.words : undefined;
}

export function hopSentence(event: TraceEvent, bySeq: EventBySeq): string {
  return plainWords(event, waitedMs(event, bySeq));
}

/** How long an answer's request had waited. */
function waitedMs(event: TraceEvent, bySeq: EventBySeq): number | undefined {
  if (event.kind !== "http.response") return undefined;
  for (const seq of event.causes ?? []) {
    const cause = bySeq(seq);
    if (cause?.kind === "http.request") return event.doneAt - cause.at;
  }
  return undefined;
}
