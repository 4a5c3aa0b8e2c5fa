/**
 * Thousands of clients are told the same. Equal bodies are parsed once and equal messages kept once,
 * so that a client costs little memory and a broadcast little time. Bounded; only ever a short cut.
 */
import { BoundedMap } from "../../shared/bounded-map.ts";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";

const MOST_BODIES = 64;
const LONGEST_BODY = 64 * 1024;
const MOST_MESSAGES = 1_000;

export function createSharedAnswers() {
  const bodies = new BoundedMap<string, unknown>(MOST_BODIES);
  const messages = new BoundedMap<string, ChatMessage>(MOST_MESSAGES);

  return {
    /** JSON.parse, once for equal bodies. What it gives back must not be changed. */
    read(body: string): unknown {
      const known = bodies.get(body);
      if (known !== undefined) return known;
      const said: unknown = JSON.parse(body);
      if (body.length <= LONGEST_BODY) bodies.set(body, said);
      return said;
    },

    /** An equal message that others already have. */
    share(message: ChatMessage): ChatMessage {
      const key = `${message.room}/${message.id}`;
      const known = messages.get(key);
      if (known?.text === message.text && known.time === message.time) return known;
      messages.set(key, message);
      return message;
    },
  };
}

export type SharedAnswers = ReturnType<typeof createSharedAnswers>;
