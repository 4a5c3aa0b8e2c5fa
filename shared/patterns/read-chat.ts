/** Reading what a server says without trusting it: what is not a chat message is none. */
import type { ChatMessage } from "../contracts/chat-message.ts";

export function isChatMessage(value: unknown): value is ChatMessage {
  const { id, text } = asRecord(value);
  return Number.isSafeInteger(id) && typeof text === "string";
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
