/** A tiny Socket.IO server of the pattern's contract: notes handshakes, says what it is told. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";

export async function startSocketServer() {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket", "polling"] });
  const handshakes: { client: string; room: string; auth: unknown; transport: string }[] = [];
  io.on("connection", (socket) => {
    const { query, auth } = socket.handshake;
    handshakes.push({
      client: String(query.client),
      room: String(query.room),
      auth,
      transport: socket.conn.transport.name,
    });
    socket.emit("messages", []);
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    handshakes,
    open: () => io.sockets.sockets.size,
    say(id: number) {
      const time = "2026-01-01T00:00:00.000Z";
      io.emit("message", { id, text: `message ${id}`, time, server: "ws-1", room: "lobby" });
    },
    cutAll() {
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
    async stop() {
      await io.close();
    },
  };
}
