/** A bare Socket.IO client for contract tests, which notes what it was given, in order. */
import { io, type Socket } from "socket.io-client";
import type { ChatMessage } from "../../../shared/contracts/chat-message.ts";
import type {
  ClientToServerEvents,
  HandshakeAuth,
  ServerToClientEvents,
} from "../../../shared/contracts/socket-io.ts";
import { until } from "./until.ts";

export interface ClientOptions {
  room: string;
  auth?: HandshakeAuth | Record<string, unknown>;
  transports?: string[];
  headers?: Record<string, string>;
  /** More for the handshake's query: who it is, which replica it wants. */
  query?: Record<string, string>;
}

export class SocketClient {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  /** Ids in the order they came, history included. */
  readonly ids: number[] = [];
  readonly messages: ChatMessage[] = [];
  /** Sizes of the `messages` packets. */
  readonly histories: number[] = [];
  readonly advice: number[] = [];
  refusal: { message: string; data?: { error: { code: string }; last?: number } } | undefined;

  constructor(url: string, { room, auth, transports, headers, query }: ClientOptions) {
    this.socket = io(url, {
      query: { ...query, room },
      auth: auth ?? {},
      transports: transports ?? ["websocket"],
      extraHeaders: headers ?? {},
      forceNew: true,
      reconnection: false,
    });
    this.socket.on("messages", (messages) => {
      this.histories.push(messages.length);
      for (const message of messages) this.#note(message);
    });
    this.socket.on("message", (message) => this.#note(message));
    this.socket.on("reconnect-soon", ({ afterMs }) => this.advice.push(afterMs));
    this.socket.on("connect_error", (error) => {
      this.refusal = error as typeof this.refusal & Error;
    });
  }

  /** Highest id below which it has everything, where it had all up to `after` before. */
  cursorFrom(after: number): number {
    const had = new Set(this.ids);
    let cursor = after;
    while (had.has(cursor + 1)) cursor += 1;
    return cursor;
  }

  get transport(): string | undefined {
    return this.socket.io.engine?.transport.name;
  }

  has(count: number): Promise<void> {
    return until(() => this.ids.length >= count);
  }

  welcomed(): Promise<void> {
    return until(() => this.histories.length > 0);
  }

  refused(): Promise<void> {
    return until(() => this.refusal !== undefined);
  }

  gone(): Promise<void> {
    return until(() => !this.socket.connected);
  }

  close(): void {
    this.socket.disconnect();
  }

  #note(message: ChatMessage): void {
    this.ids.push(message.id);
    this.messages.push(message);
  }
}
