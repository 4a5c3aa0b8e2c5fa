/** Socket.IO with the Redis adapter, and nothing else: no store, no cursor, no order. */
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { CHANNEL, listen, REDIS_URL } from "./settings.ts";

const publisher = new Redis(REDIS_URL);
const http = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { message } = JSON.parse(body) as { message: string };
  const id = await publisher.incr(`${CHANNEL}:id`);
  io.to("lobby").emit("message", { id, text: message });
  response.writeHead(201).end(JSON.stringify({ id }));
});
const io = new Server(http, {
  adapter: createAdapter(publisher, new Redis(REDIS_URL)),
  serveClient: false,
});
io.on("connection", (socket) => socket.join("lobby"));
await listen(http);
