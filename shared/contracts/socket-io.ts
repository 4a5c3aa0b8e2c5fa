/**
 * What a WebSockets (Socket.IO) client and its server say to each other, on Socket.IO's default path.
 * The room and the client's name come in the handshake's query (`?room=lobby&client=ws-client-1`).
 */
import type { ChatMessage, ErrorBody } from "./chat-message.ts";

export interface ServerToClientEvents {
  /** Once per connection: history, or what came after `auth.after`. */
  messages(messages: ChatMessage[]): void;
  /** Every newer message, once; two may arrive swapped. */
  message(message: ChatMessage): void;
  /** A draining replica asks its sockets to reconnect, each after its own wait. */
  "reconnect-soon"(advice: { afterMs: number }): void;
}

export interface ClientToServerEvents {
  "send-message"(
    body: { text: string },
    acknowledge: (answer: ChatMessage | ErrorBody) => void,
  ): void;
}

/** Socket.IO's `auth` payload. */
export interface HandshakeAuth {
  /** "I have everything up to here": only newer messages are caught up. */
  after?: number;
  /** `false`: no history and no catch-up, only what is published from now on. Default true. */
  history?: boolean;
}
