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
  | "draining"
  | "store-unavailable"
  | "internal";
