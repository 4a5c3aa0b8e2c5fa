/** `ws` and Redis by hand: the same text, framed once, to every socket. */
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { WebSocketServer } from "ws";
import { CHANNEL, listen, REDIS_URL } from "./settings.ts";

const publisher = new Redis(REDIS_URL);
const subscriber = new Redis(REDIS_URL);
const http = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { message } = JSON.parse(body) as { message: string };
  const id = await publisher.incr(`${CHANNEL}:id`);
  await publisher.publish(CHANNEL, JSON.stringify({ id, text: message }));
  response.writeHead(201).end(JSON.stringify({ id }));
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on("connection", (socket) => {
  // Also the echo of the round-trip row.
  socket.on("message", (data) => socket.send(data, { binary: false }));
});
subscriber.on("message", (_channel, text) => {
  const bytes = Buffer.from(text);
  for (const socket of sockets.clients) socket.send(bytes, { binary: false });
});
await subscriber.subscribe(CHANNEL);
await listen(http);
