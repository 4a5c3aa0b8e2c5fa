/**
 * What a client's machine did between two of its reports, as far as they show it: which arrow it
 * took, how often. Reports come a few times a second; what happened between two of them may be less
 * than all.
 */
import type { ClientView } from "../../../shared/contracts/client-view.ts";
import { counted } from "../../ui/numbers.ts";

export interface Move {
  from: string;
  to: string;
  times: number;
  /** What came of it, in a few words. */
  words: string;
}

export function moveBetween(before: ClientView, after: ClientView): Move | undefined {
  const rounds = after.requests - before.requests;
  const idle = after.idleAnswers - before.idleAnswers;
  const updates = after.updates - before.updates;
  const { state: from } = before;
  const { state: to } = after;
  if (from !== to) return { from, to, times: 1, words: after.note ?? wordsOf(idle, updates) };
  if (rounds > 0) return { from, to, times: rounds, words: wordsOf(idle, updates) };
  if (updates > 0) return { from, to, times: updates, words: wordsOf(idle, updates) };
  return undefined;
}

function wordsOf(idle: number, updates: number): string {
  const parts: string[] = [];
  if (updates > 0) parts.push(counted(updates, "update"));
  if (idle > 0) parts.push(counted(idle, "empty answer"));
  return parts.join(", ");
}
