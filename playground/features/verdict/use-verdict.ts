/** What is shown, judged: receipts and findings of a pattern, anew at most once a second. */
import { useMemo } from "react";
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { CONFORMANCE, type Conformance } from "../../../shared/patterns/conformance.ts";
import { type ReceiptTable, receiptTable } from "../../../shared/trace/receipts.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { useTimeouts } from "../../stores/use-timeouts.ts";
import { useNow } from "../../ui/use-now.ts";

const JUDGED_EVERY_MS = 1_000;

export interface Verdict {
  table: ReceiptTable;
  conformance: Conformance;
  /** Some hops are not kept: what they would show is not known. */
  isPartial: boolean;
}

export function useVerdict(pattern: Pattern): Verdict {
  const { pollTimeoutMs } = useTimeouts();
  const tick = useNow(JUDGED_EVERY_MS);
  // A step through what stands still is judged at once; what is live, once a second.
  const playhead = useStore(traceStore, (trace) => trace.playhead);
  const diagram = useStore(traceStore, (trace) => trace.diagram);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the diagram changes in place; the tick says when to look again
  return useMemo(() => {
    const { wireNow, eventBySeq, dropped } = traceStore.getState();
    const untilMs = playhead?.atMs ?? Number.POSITIVE_INFINITY;
    const events = [...diagram.events.all()].filter(({ doneAt }) => doneAt <= untilMs);
    return {
      table: receiptTable(events, { pattern, nowMs: wireNow() }),
      conformance: CONFORMANCE[pattern](events, { causeOf: eventBySeq, pollTimeoutMs }),
      isPartial: dropped > 0,
    } satisfies Verdict;
  }, [pattern, pollTimeoutMs, diagram, playhead, tick]);
}
