/**
 * Finds chat messages in decoded JSON and puts them in words: `[1–40]`, `“lunch?”`. Shared by the
 * decoders of the client link. What does not look like a message is left out; nothing is guessed.
 */
import {
  isPattern,
  isRoom,
  type MessageKey,
  messageKey,
  type Side,
} from "../../../../shared/contracts/ids.ts";

export interface Found {
  id: number;
  key: MessageKey;
  traceId?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace id in a W3C traceparent, if it is one. */
export function traceIdOf(traceparent: unknown): string | undefined {
  if (typeof traceparent !== "string" || traceparent.length !== 55) return undefined;
  return TRACEPARENT.exec(traceparent)?.[1];
}

export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A stranger's messages are its own affair. */
export function findMessage(value: unknown, side: Side): Found | undefined {
  if (!isPattern(side)) return undefined;
  const message = asRecord(value);
  const id = message?.id;
  const room = message?.room;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 1 || !isRoom(room))
    return undefined;
  const traceId = traceIdOf(message?.traceparent);
  const key = messageKey(side, room, id);
  return traceId === undefined ? { id, key } : { id, key, traceId };
}

export function findMessages(value: unknown, side: Side): Found[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => findMessage(each, side) ?? []);
}

/** `[ ]`, `[42]`, `[41, 43]`, `[1–40]` for a run, `[1 … 60]` for many with gaps. */
export function listWords(ids: readonly number[]): string {
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return "[ ]";
  if (ids.length === 1) return `[${first}]`;
  const isRun = ids.every((id, index) => id === first + index);
  if (isRun) return ids.length === 2 ? `[${first}, ${last}]` : `[${first}–${last}]`;
  return ids.length <= 3 ? `[${ids.join(", ")}]` : `[${first} … ${last}]`;
}

const MAX_WORDS = 40;

export function shorten(text: string, most = MAX_WORDS): string {
  const line = text.replace(/\s+/g, " ");
  if (line.length <= most) return line;
  // Half of a character (a surrogate) is none.
  return `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

export function quote(text: string): string {
  return `“${shorten(text)}”`;
}

/** The text of a message on its way in: shortened, and how long it was. */
export function textFacts(text: string): { text: string; textBytes: number } {
  return { text: shorten(text), textBytes: Buffer.byteLength(text) };
}

/** What several messages have in common for a hop: their keys, and the trace of a single one. */
export function messageFacts(found: readonly Found[]): {
  messageIds?: MessageKey[];
  traceId?: string;
} {
  if (found.length === 0) return {};
  const messageIds = found.map((each) => each.key);
  const traceId = found.length === 1 ? found[0]?.traceId : undefined;
  return traceId === undefined ? { messageIds } : { messageIds, traceId };
}
