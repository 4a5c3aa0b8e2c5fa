/**
 * One client's own HTTP connection for its polls, over undici: a parked poll never waits for
 * another's connection, and nothing is searched in a pool. A cancelled poll closes its connection,
 * so that its place at the replica is freed.
 */
import { Client } from "undici";
import type { Clock, Timer } from "../../shared/clock.ts";
import type { HttpReply } from "../../shared/patterns/long-polling/client.ts";
import { HttpExchange } from "./http-exchange.ts";

/** Shorter than the balancer's 120 s, so that a request is never written to a closing connection. */
const KEEP_ALIVE_MS = 60_000;
const CONNECT_MS = 10_000;
/** A thousand messages of 4 KiB, and what is said about them. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface PollConnection {
  get(path: string, timeoutMs: number, done: (reply: HttpReply) => void): Timer;
  /** How long a poll has waited since it was written to an open connection; 0 where none does. */
  waitingMs(): number;
  close(): void;
}

/** `clock`: what a client's patience is measured by. */
export function openPollConnection(origin: string, clock: Clock): PollConnection {
  const client = new Client(origin, {
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_MS },
    maxResponseSize: MOST_BYTES,
  });
  let current: HttpExchange | undefined;
  return {
    waitingMs: () => current?.waitingMs ?? 0,
    get(path, timeoutMs, done) {
      const exchange = new HttpExchange(done, clock, timeoutMs);
      current = exchange;
      const times = { headersTimeout: 0, bodyTimeout: CONNECT_MS };
      client.dispatch({ path, method: "GET", ...times }, exchange);
      return exchange;
    },
    close() {
      // It only rejects where it is destroyed already.
      client.destroy().catch(() => undefined);
    },
  };
}
