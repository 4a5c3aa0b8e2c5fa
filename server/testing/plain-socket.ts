/** A plain `socket.io-client` that keeps count of what it was given and when; see plain-poller.ts. */
import { io, type Socket } from "socket.io-client";

export class PlainSocket {
  readonly ids: number[] = [];
  /** When each message came, by id (`performance.now()`). */
  readonly receivedMs = new Map<number, number>();
  isWelcomed = false;
  readonly #socket: Socket;

  constructor(url: string, query: Record<string, string>) {
    this.#socket = io(url, { query, transports: ["websocket"], forceNew: true });
    this.#socket.on("messages", () => {
      this.isWelcomed = true;
    });
    this.#socket.on("message", ({ id }: { id: number }) => {
      this.receivedMs.set(id, performance.now());
      this.ids.push(id);
    });
  }

  stop(): void {
    this.#socket.disconnect();
  }
}
