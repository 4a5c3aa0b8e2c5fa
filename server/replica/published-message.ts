/** Reads what came through the broker, on which anybody may publish anything. */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import { isRoom } from "../../shared/contracts/ids.ts";

export function readPublished(payload: string | Buffer): ChatMessage | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString());
    return isPublished(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isPublished(value: unknown): value is ChatMessage {
  if (typeof value !== "object" || value === null) return false;
  const message = value as Partial<Record<keyof ChatMessage, unknown>>;
  return (
    Number.isSafeInteger(message.id) &&
    typeof message.text === "string" &&
    typeof message.time === "string" &&
    typeof message.server === "string" &&
    isRoom(message.room)
  );
}

/** The id of the message in a payload; 0 if there is none. */
export function idInPublished(payload: string | Buffer): number {
  return readPublished(payload)?.id ?? 0;
}
