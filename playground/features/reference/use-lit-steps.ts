/** Which steps of a pattern's reference diagram are happening: lit by hops, for a moment each. */
import { useEffect, useState } from "react";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_GUIDES } from "../../../shared/patterns/guide.ts";
import { traceStore } from "../../stores/trace-store.ts";

const LIT_MS = 1_200;
/** After a flood, its newest hops say what is happening. */
const NEWEST_EVENTS = 300;

export function useLitSteps(pattern: Pattern): ReadonlySet<string> {
  const [lit, setLit] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const goingOut = new Map<string, ReturnType<typeof setTimeout>>();
    let seenSeq = traceStore.getState().diagram.events.newestSeq;
    const goOut = (step: string) => {
      goingOut.delete(step);
      setLit(new Set(goingOut.keys()));
    };
    const stop = traceStore.subscribe(({ diagram }) => {
      const { newestSeq } = diagram.events;
      if (newestSeq === seenSeq) return;
      const steps = stepsSince(pattern, Math.min(seenSeq, newestSeq));
      seenSeq = newestSeq;
      for (const step of steps) {
        clearTimeout(goingOut.get(step));
        goingOut.set(
          step,
          setTimeout(() => goOut(step), LIT_MS),
        );
      }
      if (steps.size > 0) setLit(new Set(goingOut.keys()));
    });
    return () => {
      stop();
      for (const timer of goingOut.values()) clearTimeout(timer);
    };
  }, [pattern]);
  return lit;
}

function stepsSince(pattern: Pattern, seq: number): Set<string> {
  const { reference } = PATTERN_GUIDES[pattern];
  const { diagram, eventBySeq } = traceStore.getState();
  const happening = new Set<string>();
  for (const event of diagram.events.after(seq, NEWEST_EVENTS)) {
    const step = event.pattern === pattern ? reference.stepOf(event, eventBySeq) : undefined;
    if (step === undefined) continue;
    happening.add(step);
    const then = reference.steps.find(({ id }) => id === step)?.followedBy;
    if (then !== undefined) happening.add(then);
  }
  return happening;
}
