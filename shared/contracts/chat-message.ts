/**
 * The one thing people send: a chat message, and what `POST /messages` may say.
 * Both patterns share it. A replica answers bad input with an `ErrorBody` and changes nothing.
 */

export interface ChatMessage {
  /** 1, 2, 3 … without gaps, in commit order, within its room. */
  id: number;
  text: string;
  /** ISO 8601, taken by the message store. */
  time: string;
  /** The replica that took it. */
  server: string;
  room: string;
  /** W3C trace context of the request that brought it; travels wherever the message does. */
  traceparent?: string;
}

export const MAX_TEXT_BYTES = 4 * 1024;
export const MAX_BODY_BYTES = 64 * 1024;
/** The most messages one answer or history may hold. */
export const MAX_BATCH = 1_000;

export interface ErrorBody {
  error: { code: ErrorCode; message: string };
}

export type ErrorCode =
  | "no-body"
  | "not-json"
  | "wrong-content-type"
  | "body-too-large"
  | "bad-text"
  | "bad-cursor"
  | "cursor-ahead"
  | "bad-room"
  | "not-found"
  | "method-not-allowed"
  | "too-many-polls"
  | "draining"
  | "store-unavailable"
  | "maybe-stored"
  | "internal";

/** Why this cannot be a message's text, in plain words; undefined where it can. */
export function whyNotText(text: unknown): string | undefined {
  if (typeof text !== "string") return "The text of a message must be a string.";
  if (text.trim() === "") return "The message is blank.";
  if (text.includes("\0")) return "The message holds a NUL character, which cannot be stored.";
  const bytes = utf8Bytes(text);
  if (bytes <= MAX_TEXT_BYTES) return undefined;
  return `The message has ${bytes} bytes; at most ${MAX_TEXT_BYTES} are allowed.`;
}

/** How many bytes a text takes in UTF-8; a lone surrogate counts as the U+FFFD that replaces it. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
