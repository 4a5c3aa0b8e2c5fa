/**
 * One connection from the balancer to a replica: reads responses off it, unit by unit, and hands them
 * to whoever it serves at the moment. It chooses nothing and retries nothing.
 */
import { connect, type Socket } from "node:net";
import { HttpFramer, type Step } from "./http-framing.ts";
import { parseResponseHead, type ResponseHead } from "./http-head.ts";

/** Whoever waits for the response. */
export interface Served {
  onConnected(): void;
  /** Before the head's bytes; also for 1xx. */
  onResponseHead(head: ResponseHead, bytes: Buffer): void;
  /** Bytes of the response, exactly as they came. */
  onResponseBytes(bytes: Buffer): void;
  /** The final response is whole. The connection is free again, or gone. */
  onResponseEnd(atMs: number): void;
  /** 101: from now on both sides speak something else; `rest` is the start of it. */
  onSwitched(rest: Buffer, atMs: number): void;
  /** It will bring nothing more. `reason` in plain words. */
  onGone(reason: string): void;
  onDrain(): void;
}

export interface UpstreamConnectionOptions {
  host: string;
  port: number;
  now(): number;
  /** A response ended and another request may be sent. */
  onFree(connection: UpstreamConnection): void;
  onClose(connection: UpstreamConnection): void;
}

const CONNECT_TIMEOUT_MS = 5_000;

export class UpstreamConnection {
  readonly socket: Socket;
  isConnected = false;
  /** Requests it has been given. */
  uses = 0;
  /** When it became idle, on the clock of `now`. */
  idleSinceMs = 0;
  readonly #options: UpstreamConnectionOptions;
  #served: Served | undefined;
  #method = "GET";
  #framer: HttpFramer<ResponseHead>;
  #isSwitched = false;
  #reason = "The connection ended.";

  constructor(options: UpstreamConnectionOptions) {
    this.#options = options;
    this.#framer = new HttpFramer((head) => parseResponseHead(head, this.#method));
    const { host, port } = options;
    this.socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    this.socket.setTimeout(CONNECT_TIMEOUT_MS, () =>
      this.#giveUp("It did not accept a connection."),
    );
    this.socket.on("connect", () => {
      this.socket.setTimeout(0);
      this.isConnected = true;
      this.#served?.onConnected();
    });
    this.socket.on("data", this.#take);
    this.socket.on("drain", () => this.#served?.onDrain());
    this.socket.on("end", () => this.#ended());
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#reason = `The connection broke (${error.code ?? error.message}).`;
    });
    this.socket.on("close", () => this.#closed());
  }

  /** Serves one request of this method. Its bytes are written to `socket` by the caller. */
  serve(served: Served, method: string): void {
    this.#served = served;
    this.#method = method;
    this.uses += 1;
  }

  /** The one it serves does not want it any more; it cannot be used again. */
  abandon(): void {
    this.#served = undefined;
    this.socket.destroy();
  }

  #giveUp(reason: string): void {
    this.#reason = reason;
    this.socket.destroy();
  }

  readonly #take = (chunk: Buffer): void => {
    // A replica that speaks unasked is out of step: no later answer could be trusted.
    if (!this.#served) return this.#giveUp("It answered without being asked.");
    const atMs = this.#options.now();
    const framer = this.#framer;
    framer.start();
    let from = 0;
    let step: Step = framer.next(chunk);
    for (; step !== "more"; step = framer.next(chunk)) {
      const served = this.#served;
      if (step === "refused" || !served) {
        return this.#giveUp(
          `It answered with ${framer.refusal?.reason ?? "something unreadable"}.`,
        );
      }
      if (step === "head" && framer.head) {
        served.onResponseHead(framer.head, framer.headBytes);
        if (framer.headIsSplit) {
          served.onResponseBytes(framer.headBytes);
          from = framer.at;
        }
        this.#isSwitched = framer.head.status === 101;
        this.#last = framer.head;
      } else if (step === "end") {
        if (from < framer.at) served.onResponseBytes(chunk.subarray(from, framer.at));
        from = framer.at;
        if (this.#isSwitched) return this.#switch(served, chunk.subarray(from), atMs);
        if (this.#isFinal()) return this.#finish(served, chunk.length > from, atMs);
      }
    }
    if (framer.head && from < chunk.length) this.#served.onResponseBytes(chunk.subarray(from));
  };

  #last: ResponseHead | undefined;

  #isFinal(): boolean {
    return this.#last !== undefined && this.#last.status >= 200;
  }

  #switch(served: Served, rest: Buffer, atMs: number): void {
    this.#served = undefined;
    this.socket.off("data", this.#take);
    served.onSwitched(rest, atMs);
  }

  #finish(served: Served, hasMore: boolean, atMs: number): void {
    this.#isSettled = true;
    const stays = this.#last?.keepAlive === true && !hasMore && !this.socket.destroyed;
    this.#keepsAlive = stays;
    served.onResponseEnd(atMs);
  }

  #isSettled = false;
  #keepsAlive = false;

  /** The exchange is over on both sides: free for the next, or closed. `mayStay`: the request allows it. */
  release(mayStay: boolean): void {
    this.#served = undefined;
    const stays = mayStay && this.#isSettled && this.#keepsAlive && this.socket.writable;
    this.#isSettled = false;
    if (!stays || this.socket.readableEnded) {
      this.socket.destroy();
      return;
    }
    this.socket.resume();
    this.idleSinceMs = this.#options.now();
    this.#options.onFree(this);
  }

  #ended(): void {
    if (this.#isSwitched) return;
    const served = this.#served;
    const wasUntilClose = this.#framer.head?.body === "until-close";
    if (served && wasUntilClose && this.#framer.close()) {
      this.#finish(served, true, this.#options.now());
      return;
    }
    this.#reason = "It closed the connection.";
    if (!this.#isSettled) this.socket.destroy();
  }

  #closed(): void {
    this.#options.onClose(this);
    const served = this.#served;
    this.#served = undefined;
    if (!this.#isSwitched) served?.onGone(this.#reason);
  }
}
