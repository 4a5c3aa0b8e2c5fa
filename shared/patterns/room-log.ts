/**
 * What a replica remembers of one room: the id of its last message, and the newest messages
 * without a gap up to it. A window on the message store, bounded in messages and bytes.
 *
 * Replicas publish independently, so pushes may come swapped or twice. The log takes a message
 * only if it is the very next one and says `gap` otherwise; reading the store is its owner's task.
 */
import { type ChatMessage, MAX_BATCH, utf8Bytes } from "../contracts/chat-message.ts";

/** `next` was taken; `known` is an old acquaintance; before a `gap` something is missing. */
export type Heard = "next" | "known" | "gap";

export const MAX_LOG_BYTES = 256 * 1024;

export class RoomLog {
  #last: number;
  /** In id order without gaps; the newest one's id is `#last`. */
  #messages: ChatMessage[] = [];
  #bytes = 0;

  constructor(last = 0) {
    this.#last = last;
  }

  /** The id of the newest message this log has taken in; 0 for an empty room. */
  get last(): number {
    return this.#last;
  }

  /** Takes a message that was heard of, if it is the next one. */
  append(message: ChatMessage): Heard {
    if (message.id <= this.#last) return "known";
    if (message.id > this.#last + 1) return "gap";
    this.#push(message);
    return "next";
  }

  /**
   * Takes what the message store says comes after `last`, and returns what of it is new.
   * The store is the truth: where it has nothing in between, there is no gap (old messages were pruned).
   */
  extend(messages: readonly ChatMessage[]): ChatMessage[] {
    const fresh = messages.filter((message) => message.id > this.#last);
    for (const message of fresh) {
      if (message.id > this.#last + 1) this.forgetMessages();
      this.#push(message);
    }
    return fresh;
  }

  /** Everything after the cursor, or undefined when that reaches further back than is remembered. */
  after(cursor: number): ChatMessage[] | undefined {
    const missing = this.#last - cursor;
    if (missing > this.#messages.length) return undefined;
    return missing <= 0 ? [] : this.#messages.slice(-missing);
  }

  /** The newest `limit` messages, or undefined when the room may have more of them than are remembered. */
  newest(limit: number): ChatMessage[] | undefined {
    if (this.#messages.length < Math.min(limit, this.#last)) return undefined;
    return this.#messages.slice(-limit);
  }

  /** Keeps `last` and gives the memory back. */
  forgetMessages(): void {
    this.#messages = [];
    this.#bytes = 0;
  }

  #push(message: ChatMessage): void {
    this.#messages.push(message);
    this.#last = message.id;
    this.#bytes += utf8Bytes(message.text);
    while (this.#messages.length > MAX_BATCH || this.#bytes > MAX_LOG_BYTES) {
      const oldest = this.#messages.shift();
      if (oldest) this.#bytes -= utf8Bytes(oldest.text);
    }
  }
}
