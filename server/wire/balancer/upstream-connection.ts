/**
 * One connection from the balancer to a replica: reads responses off it, unit by unit, and hands them
 * to whoever it serves at the moment. It chooses nothing and retries nothing.
 */
import { connect, type Socket } from "node:net";
import type { BytesMemo } from "../tap/decoders/bytes-memo.ts";
import type { Gate } from "../tap/gate.ts";
import { HttpFramer, type Step } from "./http-framing.ts";
import {
  type HeadLimits,
  parseResponseHead,
  type Refusal,
  type ResponseHead,
} from "./http-head.ts";
import { part } from "./part.ts";
import { UnitForwarder } from "./unit-forwarder.ts";

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
  readonly gate: Gate;
  /** Replicas begin many responses with the same bytes. */
  readonly heads: BytesMemo<ResponseHead | Refusal>;
  readonly headLimits: HeadLimits;
  now(): number;
  /** A response ended and another request may be sent. */
  onFree(connection: UpstreamConnection): void;
  onClose(connection: UpstreamConnection): void;
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * - `idle`: serves nobody.
 * - `answering`: a response is expected, or coming.
 * - `answered`: the response is whole, the request perhaps not yet.
 * - `switched`: after a 101; the socket belongs to a tunnel.
 */
type Phase = "idle" | "answering" | "answered" | "switched";

export class UpstreamConnection {
  readonly socket: Socket;
  /** Where requests go. */
  readonly link: UnitForwarder;
  isConnected = false;
  /** Requests it has been given. */
  uses = 0;
  /** When it became idle, on the clock of `now`. */
  idleSinceMs = 0;
  readonly #options: UpstreamConnectionOptions;
  readonly #framer: HttpFramer<ResponseHead>;
  #served: Served | undefined;
  #phase: Phase = "idle";
  #method = "GET";
  /** The head of the response that is coming, or came last. */
  #head: ResponseHead | undefined;
  /** How far the current chunk has been passed on. */
  #passed = 0;
  #staysOpen = false;
  #reason = "the connection ended";

  constructor(options: UpstreamConnectionOptions) {
    this.#options = options;
    const { host, port, gate, heads, headLimits } = options;
    this.#framer = new HttpFramer(
      (head) =>
        heads.get(this.#method, head, () => parseResponseHead(head, this.#method, headLimits)),
      headLimits.bytes,
    );
    this.socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    this.link = new UnitForwarder(this.socket, gate);
    this.socket.setTimeout(CONNECT_TIMEOUT_MS, () => this.giveUp("it did not accept a connection"));
    this.socket.on("connect", () => {
      this.socket.setTimeout(0);
      this.isConnected = true;
      this.#served?.onConnected();
    });
    this.socket.on("data", this.#take);
    this.socket.on("drain", () => this.#served?.onDrain());
    this.socket.on("end", () => this.#ended());
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#reason = `the connection broke, ${error.code ?? error.message}`;
    });
    this.socket.on("close", () => this.#closed());
  }

  /** Serves one request of this method. Its bytes are written to `socket` by the caller. */
  serve(served: Served, method: string): void {
    this.#served = served;
    this.#method = method;
    this.#phase = "answering";
    this.uses += 1;
  }

  /** The one it serves does not want it any more; it cannot be used again. */
  abandon(): void {
    this.#served = undefined;
    this.socket.destroy();
  }

  /** The exchange is over on both sides: free for the next, or closed. `mayStay`: the request allows it. */
  release(mayStay: boolean): void {
    const isFree = mayStay && this.#phase === "answered" && this.#staysOpen && this.socket.writable;
    this.#served = undefined;
    this.#phase = "idle";
    if (!isFree || this.socket.readableEnded) {
      this.socket.destroy();
      return;
    }
    if (this.socket.isPaused()) this.socket.resume();
    this.idleSinceMs = this.#options.now();
    this.#options.onFree(this);
  }

  /** Ends it; whoever it serves is told why. */
  giveUp(reason: string): void {
    this.#reason = reason;
    this.socket.destroy();
  }

  readonly #take = (chunk: Buffer): void => {
    if (this.#phase !== "answering" || this.link.isHeld) {
      // A replica that speaks unasked is out of step: no later answer could be trusted.
      // While a request is held, it may say that it has waited for one for too long.
      this.giveUp("it answered without being asked");
      return;
    }
    const atMs = this.#options.now();
    this.#framer.start();
    this.#passed = 0;
    let step: Step;
    do {
      step = this.#framer.next(chunk);
      if (step === "head") this.#takeHead();
      else if (step === "end") this.#takeEnd(chunk, atMs);
      else if (step === "refused") {
        this.giveUp(`it answered with ${this.#framer.refusal?.reason ?? "something unreadable"}`);
      }
    } while (step !== "more" && this.#phase === "answering" && !this.socket.destroyed);
    if (this.#phase === "answering" && this.#framer.head) this.#pass(chunk, chunk.length);
  };

  #takeHead(): void {
    const { head, headBytes, headIsSplit, at } = this.#framer;
    if (!head) return;
    this.#head = head;
    this.#served?.onResponseHead(head, headBytes);
    if (!headIsSplit) return;
    this.#served?.onResponseBytes(headBytes);
    this.#passed = at;
  }

  #pass(chunk: Buffer, to: number): void {
    if (this.#passed < to) this.#served?.onResponseBytes(part(chunk, this.#passed, to));
    this.#passed = to;
  }

  #takeEnd(chunk: Buffer, atMs: number): void {
    const { at } = this.#framer;
    this.#pass(chunk, at);
    const status = this.#head?.status ?? 0;
    if (status === 101) {
      const served = this.#served;
      this.#phase = "switched";
      this.#served = undefined;
      this.socket.off("data", this.#take);
      served?.onSwitched(chunk.subarray(at), atMs);
    } else if (status >= 200) this.#settle(at === chunk.length, atMs);
  }

  #settle(staysOpen: boolean, atMs: number): void {
    this.#phase = "answered";
    this.#staysOpen = staysOpen && this.#head?.keepAlive === true;
    this.#served?.onResponseEnd(atMs);
  }

  #ended(): void {
    if (this.#phase === "switched") return;
    if (this.#phase === "answering" && this.#framer.head?.body === "until-close") {
      this.#framer.close();
      this.#settle(false, this.#options.now());
    } else if (this.#phase !== "answered") this.giveUp("it closed the connection");
  }

  #closed(): void {
    this.link.abandon();
    this.#options.onClose(this);
    const served = this.#served;
    this.#served = undefined;
    if (this.#phase !== "switched") served?.onGone(this.#reason);
  }
}
