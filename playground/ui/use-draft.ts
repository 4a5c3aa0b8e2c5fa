/**
 * A value being changed by hand: shown at once, committed when it rests, and given up for the
 * truth once the commit is answered, so that a refused value returns by itself.
 */
import { useEffect, useRef, useState } from "react";

/** After the last key press or move. */
const REST_MS = 260;

export interface Draft<T> {
  shown: T;
  isPending: boolean;
  set(next: T): void;
}

export function useDraft<T>(value: T, commit: (next: T) => Promise<unknown>): Draft<T> {
  const [draft, setDraft] = useState<{ value: T } | null>(null);
  const [isPending, setPending] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const turn = useRef(0);
  const truth = useRef(value);
  truth.current = value;
  useEffect(() => () => clearTimeout(rest.current), []);

  const settle = async (next: T, mine: number) => {
    if (next !== truth.current) {
      setPending(true);
      await commit(next);
    }
    // A later change is still under way: it will settle instead.
    if (turn.current !== mine) return;
    setPending(false);
    setDraft(null);
  };
  return {
    shown: draft === null ? value : draft.value,
    isPending,
    set: (next) => {
      turn.current += 1;
      const mine = turn.current;
      setDraft({ value: next });
      clearTimeout(rest.current);
      rest.current = setTimeout(() => void settle(next, mine), REST_MS);
    },
  };
}
