/**
 * What a hop is called under each lens, and told in a sentence: the one place where the diagram's
 * arrows, its text twin and its Mermaid text get their words.
 */
import { guideOf, plainLabel, plainWords, stepOf } from "../patterns/guide.ts";
import { isLost, type Perturbation, type TraceEvent } from "./event.ts";
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

const PERTURBED: Record<Perturbation, string> = {
  held: "kept at its tap by hand, or by the pace",
  delayed: "made late by a fault",
  stalled: "kept by a stalled link until that was healed",
  dropped: "left out on purpose, at its tap",
  duplicated: "a second copy, made by a fault",
};

/** What was done to it, and that its time tells nothing; undefined for a hop that crossed by itself. */
export function perturbedWords({ perturbed }: Pick<TraceEvent, "perturbed">): string | undefined {
  return perturbed === undefined ? undefined : `${PERTURBED[perturbed]}: in no latency`;
}

/** Why it did not arrive; undefined where it did. */
export function lostWords(event: TraceEvent): string | undefined {
  if (!isLost(event)) return undefined;
  return event.perturbed === "dropped"
    ? "it was dropped on its way"
    : "its receiver had left before it could be delivered";
}
