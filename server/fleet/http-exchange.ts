/**
 * One request on its way over undici, and its answer: gathers the body, calls back once, later, unless
 * it was cancelled. It also knows what undici's own promises do not tell: whether any of it was sent.
 */
import type { Dispatcher } from "undici";
import type { Clock, Timer } from "../../shared/clock.ts";
import type { HttpReply } from "../../shared/patterns/long-polling/client.ts";

export class HttpExchange implements Dispatcher.DispatchHandler, Timer {
  #done: ((reply: HttpReply) => void) | undefined;
  readonly #clock: Clock;
  readonly #patience: Timer;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #chunks: Buffer[] = [];
  /** When it was written to an open connection. */
  #writtenMs: number | undefined;
  #isLate = false;

  constructor(done: (reply: HttpReply) => void, clock: Clock, timeoutMs: number) {
    this.#done = done;
    this.#clock = clock;
    this.#patience = clock.after(timeoutMs, () => {
      this.#isLate = true;
      this.#finish({ failed: lateWords(timeoutMs) });
      this.#controller?.abort(new Error("the client gave up"));
    });
  }

  /** How long the answer has been waited for; 0 where none is. */
  get waitingMs(): number {
    if (this.#writtenMs === undefined || this.#done === undefined) return 0;
    return this.#clock.now() - this.#writtenMs;
  }

  /** Some of it may have been read by the other side. */
  get wasSent(): boolean {
    return this.#writtenMs !== undefined;
  }

  /** It failed because nobody waited for it any longer. */
  get isLate(): boolean {
    return this.#isLate;
  }

  cancel(): void {
    if (this.#done === undefined) return;
    this.#done = undefined;
    this.#patience.cancel();
    this.#controller?.abort(new Error("the client left"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done === undefined) controller.abort(new Error("the client left"));
    else this.#writtenMs = this.#clock.now();
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
function failureWords(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "EMFILE" || code === "ENFILE") return NO_FILES;
  if (code === "EADDRNOTAVAIL") return NO_PORTS;
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "the connection was cut";
  return error.message || code || "the request failed";
}

function lateWords(timeoutMs: number): string {
  return `no answer within ${Math.round(timeoutMs / 1_000)} s`;
}
