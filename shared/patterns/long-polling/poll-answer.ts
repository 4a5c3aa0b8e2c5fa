/**
 * Reads what a server said to a poll, as an event of the client's machine. Trusts nothing: what is
 * not an answer of this contract is a failure with words.
 */
import type { ChatMessage } from "../../contracts/chat-message.ts";
import { asRecord, isChatMessage } from "../read-chat.ts";
import type { LongPollingEvent } from "./client-machine.ts";

/** Turns a body into what it says; throws where it is not JSON. */
export type ChatReader = (body: string) => unknown;

export function readPollAnswer(
  status: number,
  body: string,
  read: ChatReader = JSON.parse,
): LongPollingEvent {
  let said: unknown;
  try {
    said = read(body);
  } catch {
    return { type: "failed", reason: `status ${status} without JSON` };
  }
  const { messages, last, error } = asRecord(said);
  if (status === 200 && isMessageList(messages)) return { type: "answered", messages };
  if (status === 409 && typeof last === "number") return { type: "ahead", last };
  const reason = asRecord(error).message;
  return {
    type: "failed",
    reason: typeof reason === "string" ? `status ${status}: ${reason}` : `status ${status}`,
  };
}

function isMessageList(value: unknown): value is ChatMessage[] {
  return Array.isArray(value) && value.every(isChatMessage);
}
