/**
 * What a client says of itself: the state of its machine, what it shows its user.
 * The wire does not see this; the page draws it hollow and says who reports it.
 */
import type { ChatMessage } from "./chat-message.ts";
import type { Pattern } from "./ids.ts";

export interface ClientView {
  id: string;
  pattern: Pattern;
  room: string;
  /** State of the client machine: `polling`, `pausing`, `connected`, `backing-off` … */
  state: string;
  /** How long it has been in that state, ms, when this view was made. */
  inStateMs: number;
  /** What the state waits for at most, ms (poll timeout, back-off), if it waits. */
  waitsMs?: number;
  cursor: number;
  /** How often it updated its list, and how often an answer changed nothing. */
  updates: number;
  idleAnswers: number;
  requests: number;
  /** The newest few, oldest first. */
  messages: ChatMessage[];
  /** Why it is where it is, when that needs words (`connection refused; trying again in 2 s`). */
  note?: string;
}
