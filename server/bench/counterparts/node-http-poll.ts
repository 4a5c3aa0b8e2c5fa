/** A long poll as somebody who wants speed writes it by hand: `node:http`, Redis, one buffer for all. */
import { createServer, type ServerResponse } from "node:http";
import { Redis } from "ioredis";
import { CHANNEL, listen, POLL_TIMEOUT_MS, REDIS_URL } from "./settings.ts";

const publisher = new Redis(REDIS_URL);
const subscriber = new Redis(REDIS_URL);
const parked = new Set<ServerResponse>();
const NOTHING = Buffer.from('{"messages":[]}');
let newest = { id: 0, body: NOTHING };

function answer(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
}

function park(response: ServerResponse): void {
  parked.add(response);
  const timer = setTimeout(() => {
    parked.delete(response);
    answer(response, NOTHING);
  }, Number(POLL_TIMEOUT_MS));
  response.once("close", () => {
    clearTimeout(timer);
    parked.delete(response);
  });
}

subscriber.on("message", (_channel, text) => {
  const { id } = JSON.parse(text) as { id: number };
  newest = { id, body: Buffer.from(`{"messages":[${text}]}`) };
  const due = [...parked];
  parked.clear();
  for (const response of due) answer(response, newest.body);
});
await subscriber.subscribe(CHANNEL);

await listen(
  createServer(async (request, response) => {
    if (request.method === "GET") {
      const after = Number(request.url?.split("after=")[1] ?? 0);
      if (after < newest.id) answer(response, newest.body);
      else park(response);
      return;
    }
    let body = "";
    for await (const chunk of request) body += chunk;
    const { message } = JSON.parse(body) as { message: string };
    const id = await publisher.incr(`${CHANNEL}:id`);
    await publisher.publish(CHANNEL, JSON.stringify({ id, text: message }));
    response.writeHead(201).end(JSON.stringify({ id }));
  }),
);
