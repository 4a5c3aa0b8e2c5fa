/**
 * What is happening in a pattern, as keys that its newest hops light for a moment each. Where time
 * stands at a playhead, the hop that it stands at lights its own for as long as it stands there.
 */
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { CauseOf } from "../../shared/patterns/reference.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { hopAt } from "./playhead.ts";
import { traceStore } from "./trace-store.ts";

const LIT_MS = 1_200;
/** After a flood, its newest hops say what is happening. */
const NEWEST_EVENTS = 300;

/** Which keys a hop lights. The same function each time, or what is lit starts anew. */
export type KeysOf = (event: TraceEvent, causeOf: CauseOf) => readonly string[];

/** The lit keys, the one that was lit last at the end. */
export function useHappening(pattern: Pattern, keysOf: KeysOf): ReadonlySet<string> {
  const playhead = useStore(traceStore, (trace) => trace.playhead);
  const live = useNewest(pattern, keysOf);
  const standing = useMemo(() => {
    if (playhead === null) return undefined;
    const { diagram, eventBySeq } = traceStore.getState();
    const hop = hopAt(diagram.sequence.rows, playhead.index + 1);
    return new Set(hop?.pattern === pattern ? keysOf(hop.event, eventBySeq) : []);
  }, [playhead, pattern, keysOf]);
  return standing ?? live;
}

function useNewest(pattern: Pattern, keysOf: KeysOf): ReadonlySet<string> {
  const [lit, setLit] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const goingOut = new Map<string, ReturnType<typeof setTimeout>>();
    let seen = traceStore.getState().diagram.events;
    let seenSeq = seen.newestSeq;
    const goOut = (key: string) => {
      goingOut.delete(key);
      setLit(new Set(goingOut.keys()));
    };
    const stop = traceStore.subscribe(({ diagram, eventBySeq }) => {
      const { events } = diagram;
      const { newestSeq } = events;
      // Another diagram is shown: what it holds has not just happened.
      if (events !== seen) seenSeq = newestSeq;
      seen = events;
      if (newestSeq === seenSeq) return;
      let isMore = false;
      for (const event of events.after(Math.min(seenSeq, newestSeq), NEWEST_EVENTS)) {
        if (event.pattern !== pattern) continue;
        for (const key of keysOf(event, eventBySeq)) {
          clearTimeout(goingOut.get(key));
          goingOut.delete(key); // So that it is the last one now.
          const timer = setTimeout(() => goOut(key), LIT_MS);
          goingOut.set(key, timer);
          isMore = true;
        }
      }
      seenSeq = newestSeq;
      if (isMore) setLit(new Set(goingOut.keys()));
    });
    return () => {
      stop();
      for (const timer of goingOut.values()) clearTimeout(timer);
    };
  }, [pattern, keysOf]);
  return lit;
}
