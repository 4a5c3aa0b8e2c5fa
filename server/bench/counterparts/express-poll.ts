/** A long poll as it is commonly written: Express, one timer and one JSON text for each answer. */
import { createServer } from "node:http";
import express, { type Response } from "express";
import { Redis } from "ioredis";
import { CHANNEL, listen, POLL_TIMEOUT_MS, REDIS_URL } from "./settings.ts";

const publisher = new Redis(REDIS_URL);
const subscriber = new Redis(REDIS_URL);
const messages: { id: number; text: string }[] = [];
let waiting: Response[] = [];

subscriber.on("message", (_channel, text) => {
  messages.push(JSON.parse(text));
  if (messages.length > 100) messages.shift();
  const due = waiting;
  waiting = [];
  for (const response of due) response.json({ messages: messages.slice(-1) });
});
await subscriber.subscribe(CHANNEL);

const app = express();
app.use(express.json());
app.get("/messages", (request, response) => {
  const newer = messages.filter(({ id }) => id > Number(request.query.after ?? 0));
  if (newer.length > 0) {
    response.json({ messages: newer });
    return;
  }
  waiting.push(response);
  const timer = setTimeout(() => {
    waiting = waiting.filter((other) => other !== response);
    response.json({ messages: [] });
  }, Number(POLL_TIMEOUT_MS));
  response.on("close", () => clearTimeout(timer));
});
app.post("/messages", async (request, response) => {
  const id = await publisher.incr(`${CHANNEL}:id`);
  await publisher.publish(CHANNEL, JSON.stringify({ id, text: request.body.message }));
  response.status(201).json({ id });
});
await listen(createServer(app));
