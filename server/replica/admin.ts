/**
 * The admin port: how a replica takes settings, says how it is, and is asked to leave. It is a
 * port of its own, so that nothing of this crosses a link on which clients are served.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import express, { type ErrorRequestHandler, type Express } from "express";
import type { ReplicaSettings, ReplicaStats } from "../../shared/contracts/replica-admin.ts";
import { readSettings } from "./settings.ts";

export interface AdminOptions {
  settings: () => ReplicaSettings;
  apply: (settings: ReplicaSettings) => void;
  stats: () => Omit<ReplicaStats, "rssBytes" | "cpuMs" | "loopLagMs">;
  drain: (deadlineMs: number) => void;
}

const DEFAULT_DEADLINE_MS = 5_000;
const LONGEST_DEADLINE_MS = 60_000;

export function adminApi(options: AdminOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  // Only pages send an Origin, and no page has business here.
  app.use((request, response, next) => {
    if (request.headers.origin === undefined) return next();
    response.status(403).json({ error: { code: "forbidden", message: "Not for pages." } });
  });
  app.use(express.json());
  const readLoopLag = watchEventLoop();

  app.put("/admin/settings", (request, response) => {
    options.apply(readSettings(request.body, options.settings()));
    response.json(options.settings());
  });
  app.get("/admin/stats", (_request, response) => {
    const { user, system } = process.cpuUsage();
    const stats: ReplicaStats = {
      ...options.stats(),
      rssBytes: process.memoryUsage.rss(),
      cpuMs: (user + system) / 1_000,
      loopLagMs: readLoopLag(),
    };
    response.json(stats);
  });
  app.post("/admin/drain", (request, response) => {
    const deadlineMs = request.body?.deadlineMs ?? DEFAULT_DEADLINE_MS;
    if (!(typeof deadlineMs === "number" && deadlineMs >= 0 && deadlineMs <= LONGEST_DEADLINE_MS)) {
      throw new RangeError(`deadlineMs must be a number from 0 to ${LONGEST_DEADLINE_MS}.`);
    }
    response.status(202).json({ deadlineMs });
    options.drain(deadlineMs);
  });
  app.use((_request, response) => {
    response.status(404).json({ error: { code: "not-found", message: "No such admin call." } });
  });
  app.use(refuse);
  return app;
}

const refuse: ErrorRequestHandler = (error, _request, response, _next) => {
  const message = error instanceof Error ? error.message : String(error);
  response.status(400).json({ error: { code: "bad-request", message } });
};

/** Mean delay of the event loop since the last call, ms. */
function watchEventLoop(): () => number {
  const RESOLUTION_MS = 10;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    // The histogram counts the sampling interval itself as delay.
    const lagMs = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - RESOLUTION_MS);
    delay.reset();
    return lagMs;
  };
}
