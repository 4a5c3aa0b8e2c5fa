/** A stranger: a Socket.IO server with the Redis adapter over node-redis, as its documentation shows it. */
import { createServer, type Server as HttpServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

export interface ChatServer {
  http: HttpServer;
  stop(): Promise<void>;
}

export async function startChatServer(redisPort: number): Promise<ChatServer> {
  const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);

  const http = createServer();
  const io = new Server(http, { adapter: createAdapter(publisher, subscriber) });
  io.on("connection", (socket) => {
    socket.on("say", (text: string, done: () => void) => {
      io.emit("said", { text, by: socket.id });
      done();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));

  return {
    http,
    stop: async () => {
      await io.close();
      await Promise.all([publisher.close(), subscriber.close()]);
    },
  };
}
