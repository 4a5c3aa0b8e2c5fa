/**
 * What a long-polling client and its server say to each other.
 *
 *   GET  /messages?room=&after=   newer messages at once, or parked until one comes or time runs out
 *   POST /messages?room=          one message; 201 with the stored message
 *   GET  /test                    a greeting from the replica that answered
 */
import type { ChatMessage, ErrorBody } from "./chat-message.ts";

export const MESSAGES_PATH = "/messages";
export const TEST_PATH = "/test";

/** Answer to a poll. An empty list is an idle request: the poll timeout passed. */
export interface PollAnswer {
  messages: ChatMessage[];
}

/** 409: the cursor is beyond the room's last id (a store that was emptied, or another room's cursor). */
export interface CursorAhead extends ErrorBody {
  last: number;
}

/**
 * Reads `after`. Absent means "no cursor": the whole history, as the classic example does.
 * Returns `"bad"` for anything but a non-negative safe integer in plain decimal digits.
 */
export function parseCursor(after: string | null | undefined): number | undefined | "bad" {
  if (after === null || after === undefined) return undefined;
  if (!/^\d{1,16}$/.test(after)) return "bad";
  const cursor = Number(after);
  return Number.isSafeInteger(cursor) ? cursor : "bad";
}
