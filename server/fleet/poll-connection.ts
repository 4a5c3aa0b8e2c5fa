/**
 * One client's own HTTP connection for its polls, over undici: a parked poll never waits for
 * another's connection, and nothing is searched in a pool. A cancelled poll closes its connection,
 * so that its place at the replica is freed.
 */
import { Client, type Dispatcher } from "undici";
import type { Clock, Timer } from "../../shared/clock.ts";
import type { HttpReply } from "../../shared/patterns/long-polling/client.ts";

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
  let current: PollExchange | undefined;
  return {
    waitingMs: () => current?.waitingMs ?? 0,
    get(path, timeoutMs, done) {
      const exchange = new PollExchange(done, clock, timeoutMs);
      current = exchange;
      const request = { path, method: "GET", headersTimeout: 0, bodyTimeout: CONNECT_MS };
      client.dispatch(request as Dispatcher.DispatchOptions, exchange);
      return exchange;
    },
    close() {
      // It only rejects where it is destroyed already.
      client.destroy().catch(() => undefined);
    },
  };
}

/** One poll on the way: gathers the answer, calls back once, unless it was cancelled. */
class PollExchange implements Dispatcher.DispatchHandler, Timer {
  #done: ((reply: HttpReply) => void) | undefined;
  readonly #clock: Clock;
  readonly #patience: Timer;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #chunks: Buffer[] = [];
  #writtenMs = 0;

  constructor(done: (reply: HttpReply) => void, clock: Clock, timeoutMs: number) {
    this.#done = done;
    this.#clock = clock;
    this.#patience = clock.after(timeoutMs, () => {
      this.#finish({ failed: lateWords(timeoutMs) });
      this.#controller?.abort(new Error("the client gave up"));
    });
  }

  get waitingMs(): number {
    const isWaiting = this.#writtenMs > 0 && this.#done !== undefined;
    return isWaiting ? this.#clock.now() - this.#writtenMs : 0;
  }

  cancel(): void {
    if (this.#done === undefined) return;
    this.#done = undefined;
    this.#patience.cancel();
    this.#controller?.abort(new Error("the client left"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#writtenMs = this.#clock.now();
    if (this.#done === undefined) controller.abort(new Error("the client left"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
    this.#finish({ status: this.#status, body: bytes.toString("utf8") });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish({ failed: failureWords(error) });
  }

  #finish(reply: HttpReply): void {
    const done = this.#done;
    this.#done = undefined;
    this.#patience.cancel();
    this.#chunks = [];
    done?.(reply);
  }
}

const NO_FILES =
  "the system allows this process no more open files (ulimit -n): raise that and start again";
const NO_PORTS =
  "the system has no port left for one more connection (net.ipv4.ip_local_port_range)";

/** What went wrong with a request, as a client's note says it. */
export function failureWords(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "EMFILE" || code === "ENFILE") return NO_FILES;
  if (code === "EADDRNOTAVAIL") return NO_PORTS;
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "the connection was cut";
  return error.message || code || "the request failed";
}

export function lateWords(timeoutMs: number): string {
  return `no answer within ${Math.round(timeoutMs / 1_000)} s`;
}
