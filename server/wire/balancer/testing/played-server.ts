/** A server that a test plays byte by byte, and what each of its connections heard. */
import { createServer, type Server, type Socket } from "node:net";
import { listen } from "./start-balancer.ts";

export class Heard {
  readonly socket: Socket;
  bytes = Buffer.alloc(0);
  hasEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined); // resets are part of what tests provoke
    socket.on("data", (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
    });
    socket.on("end", () => {
      this.hasEnded = true;
    });
  }

  get text(): string {
    return this.bytes.toString("latin1");
  }
}

export interface PlayedServer {
  server: Server;
  /** One for each connection, in order. */
  heard: Heard[];
  close(): void;
}

export async function playServer(play?: (heard: Heard) => void): Promise<PlayedServer> {
  const heard: Heard[] = [];
  const server = await listen(
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const one = new Heard(socket);
      heard.push(one);
      play?.(one);
    }),
  );
  return {
    server,
    heard,
    close: () => {
      for (const { socket } of heard) socket.destroy();
    },
  };
}
