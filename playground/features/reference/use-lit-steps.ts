/** Which steps of a pattern's reference diagram are happening. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { guideOf, stepOf } from "../../../shared/patterns/guide.ts";
import { type KeysOf, useHappening } from "../../stores/use-happening.ts";

export function useLitSteps(pattern: Pattern): ReadonlySet<string> {
  return useHappening(pattern, stepsOf);
}

const stepsOf: KeysOf = (event, causeOf) => {
  const id = stepOf(event, causeOf);
  if (id === undefined) return [];
  const then = guideOf(event)?.reference.steps.find((step) => step.id === id)?.followedBy;
  return then === undefined ? [id] : [id, then];
};
