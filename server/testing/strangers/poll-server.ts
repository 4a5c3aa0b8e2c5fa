/** A stranger: an Express server with long polling of its own making. It knows nothing of a playground. */
import type { Server } from "node:http";
import express from "express";

export interface PollServerOptions {
  /** How long a request for updates is left waiting, ms. */
  patienceMs: number;
}

export function startPollServer({ patienceMs }: PollServerOptions): Promise<Server> {
  const updates: unknown[] = [];
  const waiting = new Set<() => void>();
  const app = express();
  app.use(express.json());

  app.get("/", (_request, response) => {
    response.type("html").send("<h1>News</h1>");
  });

  app.get("/updates", (request, response) => {
    const since = Number(request.query.since ?? 0);
    const answer = () => {
      clearTimeout(patience);
      waiting.delete(answer);
      response.json({ items: updates.slice(since), last: updates.length });
    };
    const patience = setTimeout(answer, patienceMs);
    waiting.add(answer);
    response.on("close", () => {
      clearTimeout(patience);
      waiting.delete(answer);
    });
    if (updates.length > since) answer();
  });

  app.post("/updates", (request, response) => {
    updates.push(request.body);
    for (const answer of [...waiting]) answer();
    response.status(201).json({ last: updates.length });
  });

  return new Promise((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => resolve(server));
  });
}
