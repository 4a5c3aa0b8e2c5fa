/** Which steps of a pattern's reference diagram are happening. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_GUIDES, stepOf } from "../../../shared/patterns/guide.ts";
import { type KeysOf, useHappening } from "../../stores/use-happening.ts";

export function useLitSteps(pattern: Pattern): ReadonlySet<string> {
  return useHappening(pattern, stepsOf);
}

const stepsOf: KeysOf = (event, causeOf) => {
  const id = stepOf(event, causeOf);
  if (id === undefined || event.pattern === undefined) return [];
  const { steps } = PATTERN_GUIDES[event.pattern].reference;
  const then = steps.find((step) => step.id === id)?.followedBy;
  return then === undefined ? [id] : [id, then];
};
