/**
 * What every client machine remembers whatever its pattern: who it is, what it shows its user, how
 * often that changed, and since when it is in its state. Plain data and reducers.
 */
import type { ChatMessage } from "../contracts/chat-message.ts";
import type { ClientView } from "../contracts/client-view.ts";
import type { Pattern } from "../contracts/ids.ts";

/** What a client shows: the newest few. */
const NEWEST = 20;

export interface ClientSurroundings {
  id: string;
  room: string;
  /** Milliseconds; what `sinceMs` is measured by. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

export interface ClientMemory {
  readonly surroundings: ClientSurroundings;
  /** Oldest first. */
  newest: readonly ChatMessage[];
  /** How often its list changed; how often an answer changed nothing; requests or connections. */
  updates: number;
  idleAnswers: number;
  requests: number;
  /** In a row. */
  failures: number;
  sinceMs: number;
  /** What its state waits for at most. */
  waitsMs: number | undefined;
  note: string | undefined;
}

export function blankMemory(surroundings: ClientSurroundings): ClientMemory {
  return {
    surroundings,
    newest: [],
    updates: 0,
    idleAnswers: 0,
    requests: 0,
    failures: 0,
    sinceMs: surroundings.now(),
    waitsMs: undefined,
    note: undefined,
  };
}

/** The newest few by id, each once. Usually the arrived ones simply come after the known. */
export function withNewest(
  known: readonly ChatMessage[],
  arrived: readonly ChatMessage[],
): readonly ChatMessage[] {
  const last = known.at(-1)?.id ?? 0;
  const first = arrived[0]?.id ?? 0;
  if (first > last) return [...known, ...arrived].slice(-NEWEST);
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of arrived.slice(-NEWEST)) byId.set(message.id, message);
  return [...byId.values()].sort((one, other) => one.id - other.id).slice(-NEWEST);
}

export function viewOf(
  pattern: Pattern,
  state: string,
  memory: ClientMemory & { cursor: number | undefined },
  nowMs: number,
): ClientView {
  const view: ClientView = {
    id: memory.surroundings.id,
    pattern,
    room: memory.surroundings.room,
    state,
    inStateMs: Math.max(0, nowMs - memory.sinceMs),
    cursor: memory.cursor ?? 0,
    updates: memory.updates,
    idleAnswers: memory.idleAnswers,
    requests: memory.requests,
    messages: [...memory.newest],
  };
  if (memory.waitsMs !== undefined) view.waitsMs = memory.waitsMs;
  if (memory.note !== undefined) view.note = memory.note;
  return view;
}
