/** A stranger: a bare WebSocket server that says everything back, compressed where the client can. */
import { once } from "node:events";
import { WebSocketServer } from "ws";

export async function startEchoServer(): Promise<WebSocketServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: true });
  server.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await once(server, "listening");
  return server;
}
