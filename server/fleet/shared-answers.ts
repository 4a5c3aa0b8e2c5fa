/**
 * Thousands of clients are told the same. Equal bodies are parsed once and equal messages kept once,
 * so that a client costs little memory and a broadcast little time. Bounded; only ever a short cut.
 */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";

const MOST_BODIES = 64;
const LONGEST_BODY = 64 * 1024;
const MOST_MESSAGES = 1_000;

export function createSharedAnswers() {
  const bodies = new Map<string, unknown>();
  const messages = new Map<string, ChatMessage>();

  return {
    /** JSON.parse, once for equal bodies. What it gives back must not be changed. */
    read(body: string): unknown {
      const known = bodies.get(body);
      if (known !== undefined) return known;
      const said: unknown = JSON.parse(body);
      if (body.length <= LONGEST_BODY) remember(bodies, body, said, MOST_BODIES);
      return said;
    },

    /** An equal message that others already have. */
    share(message: ChatMessage): ChatMessage {
      const key = `${message.room}/${message.id}`;
      const known = messages.get(key);
      if (known?.text === message.text && known.time === message.time) return known;
      remember(messages, key, message, MOST_MESSAGES);
      return message;
    },
  };
}

export type SharedAnswers = ReturnType<typeof createSharedAnswers>;

function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
