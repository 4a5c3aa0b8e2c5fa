/**
 * Thousands of WebSockets that speak as much Socket.IO as a delivery needs, or none: a server that
 * sends bare JSON is counted in the same way.
 */
import { WebSocket } from "ws";
import { joinInLots } from "./join-in-lots.ts";

const CONNECTING = 100;
const SOCKET_IO_PATH = "/socket.io/?EIO=4&transport=websocket&room=lobby";

export class SocketHerd {
  readonly #ports: readonly number[];
  readonly #path: string;
  readonly #sockets: WebSocket[] = [];
  #deliveries = 0;
  #waiting: { enough: number; resolve: () => void }[] = [];

  constructor(ports: readonly number[], speaks: "socket.io" | "json" = "socket.io") {
    this.#ports = ports;
    this.#path = speaks === "socket.io" ? SOCKET_IO_PATH : "/";
  }

  get deliveries(): number {
    return this.#deliveries;
  }

  /** `after`: what they have already, so that no history is sent. */
  open(clients: number, after: number): Promise<void> {
    return joinInLots(clients, CONNECTING, (number) => this.#join(number, after));
  }

  delivered(more: number): Promise<void> {
    const enough = this.#deliveries + more;
    return new Promise((resolve) => {
      this.#waiting.push({ enough, resolve });
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #join(number: number, after: number): Promise<void> {
    const port = this.#ports[number % this.#ports.length] ?? 0;
    const socket = new WebSocket(`ws://127.0.0.1:${port}${this.#path}`, {
      perMessageDeflate: false,
    });
    this.#sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      if (this.#path === "/") socket.once("open", resolve);
      socket.on("message", (data) => {
        const text = String(data);
        if (text.startsWith('42["message"') || text.startsWith("{")) this.#count();
        else if (text === "2") socket.send("3");
        else if (text.startsWith("0")) socket.send(`40${JSON.stringify({ after })}`);
        else if (text.startsWith("44")) reject(new Error(text));
        else if (text.startsWith("40")) resolve();
      });
    });
  }

  #count(): void {
    this.#deliveries += 1;
    const next = this.#waiting[0];
    if (next === undefined || this.#deliveries < next.enough) return;
    this.#waiting.shift();
    next.resolve();
  }
}
