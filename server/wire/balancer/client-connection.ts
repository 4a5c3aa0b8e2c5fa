/**
 * One connection from a client: frames its requests and runs them one after another. Pipelined
 * requests wait, in order and in a bounded buffer, for the exchange before them. It enforces the time
 * limits of the client side; everything about a single request is the exchange's business.
 */
import type { Socket } from "node:net";
import { isClientId, type Participant } from "../../../shared/contracts/ids.ts";
import type { CutEnding } from "../../../shared/faults/cut.ts";
import type { Ends } from "../../../shared/faults/link.ts";
import { type HttpTarget, readTarget } from "../tap/decoders/http-target.ts";
import { endSocket } from "../tap/end-socket.ts";
import { CUT_REASON, type Cutting } from "../tap/gate.ts";
import type { BalancerContext } from "./balancer-context.ts";
import { CLIENT_LIMITS, UnreadWatch } from "./client-limits.ts";
import type { ClientSide, Switched } from "./client-side.ts";
import { Exchange } from "./exchange.ts";
import { type HttpFramer, requestFramer, type Step } from "./http-framing.ts";
import { OUR_HEADS, Refusal, type RequestHead, STRANGERS_HEADS } from "./http-head.ts";
import { encodeAnswer } from "./own-answer.ts";
import { addressOf, tellRefusal } from "./refused.ts";
import { Tunnel } from "./tunnel.ts";
import { UnitForwarder } from "./unit-forwarder.ts";
import type { UpstreamPool } from "./upstream-pool.ts";
import type { Place } from "./upstreams.ts";

const MAX_WAITING_BYTES = 64 * 1024;
/** Bytes that come one by one take a hundred times their size: they are joined in time. */
const MAX_WAITING_PIECES = 256;

type Phase = "open" | "closing" | "switched";

export class ClientConnection implements ClientSide {
  readonly socket: Socket;
  readonly link: UnitForwarder;
  readonly #context: BalancerContext;
  readonly #framer: HttpFramer<RequestHead>;
  readonly #stranger: string;
  /** As it called itself last. */
  #who: Participant;
  #phase: Phase = "open";
  #exchange: Exchange | undefined;
  /** Chunks for which there is no taker yet. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isScanning = false;
  /** Too much waits: the socket is paused until there is room. */
  #isFull = false;
  /** When the client last made progress. */
  #sinceMs: number;
  readonly #unread: UnreadWatch;
  #tunnel: Tunnel | undefined;
  /** In front of a stranger's server: the one connection it would have without us. */
  #ownPool: UpstreamPool | undefined;

  constructor(
    socket: Socket,
    context: BalancerContext,
    onClose: (connection: ClientConnection) => void,
  ) {
    this.socket = socket;
    this.link = new UnitForwarder(socket, context.gate);
    this.#unread = new UnreadWatch(socket, CLIENT_LIMITS.unreadMs);
    this.#context = context;
    this.#framer = requestFramer(context.stranger ? STRANGERS_HEADS : OUR_HEADS);
    this.#stranger = addressOf(socket);
    this.#who = `client:${this.#stranger}`;
    this.#sinceMs = context.recorder.now();
    socket.on("data", this.#take);
    socket.on("drain", () => this.#exchange?.onClientDrain());
    socket.on("end", () => this.#ended());
    // What broke is told by the "close" that follows: to us the client has left.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#leave();
      this.#ownPool?.close();
      this.link.abandon();
      onClose(this);
    });
  }

  /** Its link to the balancer is cut. */
  cutIfHit({ how, isHit, meets }: Cutting): void {
    const isIdle = this.#exchange === undefined && this.#tunnel === undefined;
    if (isIdle ? meets(this.#ends) : isHit(this.#ends)) this.#cut(how);
  }

  #cut(how: CutEnding): void {
    const exchange = this.#exchange;
    this.#phase = "closing";
    this.#exchange = undefined;
    endSocket(this.socket, how);
    exchange?.giveUp(CUT_REASON);
    this.#tunnel?.cut(CUT_REASON);
  }

  get #ends(): Ends {
    const { pattern, name } = this.#context;
    return { from: this.#who, to: name, pattern };
  }

  endTunnel(reason: string): void {
    this.#tunnel?.cut(reason);
  }

  /** Ends what has waited for too long. */
  sweep(nowMs: number): void {
    const forMs = nowMs - this.#sinceMs;
    this.link.look();
    // How long a side may say or read nothing is between the client and its server, where that is a stranger's.
    const isOurs = this.#context.stranger === undefined;
    if (isOurs && this.#unread.isStuck(nowMs)) {
      const reason = `the client read nothing for ${CLIENT_LIMITS.unreadMs / 1_000} s`;
      this.#exchange?.giveUp(reason);
      this.#tunnel?.cut(reason);
      this.socket.destroy();
    } else if (this.#phase === "closing") {
      if (forMs > CLIENT_LIMITS.closingMs) this.socket.destroy();
    } else if (this.#exchange) this.#sweepExchange(this.#exchange, nowMs, isOurs);
    else if (this.#phase === "switched") return;
    else if (this.#framer.atRest) {
      if (isOurs && forMs > CLIENT_LIMITS.idleMs) this.socket.destroy();
    } else if (forMs > CLIENT_LIMITS.headMs)
      this.#refuse(new Refusal(408, "a head that never ended"));
  }

  #sweepExchange(exchange: Exchange, nowMs: number, isOurs: boolean): void {
    exchange.sweep(nowMs);
    if (!isOurs || exchange.isRequestWhole || !exchange.takesBody || this.socket.isPaused()) return;
    if (nowMs - this.#sinceMs > CLIENT_LIMITS.bodyMs)
      this.#refuse(new Refusal(408, "a body that never ended"));
    else if (exchange.isTrickle(nowMs))
      this.#refuse(new Refusal(408, "a body that comes too slowly"));
  }

  poolOf(place: Place): UpstreamPool {
    if (!this.#context.stranger) return place.pool;
    this.#ownPool ??= this.#context.upstreams.ownPool(place, () => this.#leftByServer());
    return this.#ownPool;
  }

  /** It closed the connection that it shares with this client alone, while nothing was asked. */
  #leftByServer(): void {
    if (this.#phase === "open" && !this.#exchange && this.#framer.atRest) this.#close();
  }

  onReady(): void {
    if (!this.#isFull && this.socket.isPaused()) this.socket.resume();
    this.#pump();
  }

  onExchangeOver(keeps: boolean): void {
    this.#exchange = undefined;
    this.#sinceMs = this.#context.recorder.now();
    const isDone = this.socket.readableEnded && this.#waiting.length === 0;
    if (keeps && !isDone) this.onReady();
    else this.#close();
  }

  onSwitched(switched: Switched): void {
    this.#phase = "switched";
    this.#exchange = undefined;
    const { socket } = this;
    socket.off("data", this.#take);
    socket.pause();
    switched.upstream.pause();
    const early = Buffer.concat(this.#waiting.splice(0));
    if (early.length > 0) socket.unshift(early);
    if (switched.rest.length > 0) switched.upstream.unshift(switched.rest);
    this.#tunnel = new Tunnel(this.#context, socket, this.#name(switched.target), switched);
  }

  readonly #take = (chunk: Buffer): void => {
    if (this.#phase === "closing") return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#pump();
    if (this.#waiting.length > MAX_WAITING_PIECES) this.#waiting = [Buffer.concat(this.#waiting)];
    if (this.#waitingBytes > MAX_WAITING_BYTES && this.#phase === "open") {
      this.#isFull = true;
      this.socket.pause();
    }
  };

  /** Hands on what waits, as far as somebody takes it. */
  #pump(): void {
    if (this.#isScanning) return;
    this.#isScanning = true;
    while (this.#phase === "open" && this.#exchange?.isRequestWhole !== true) {
      if (this.#exchange && !this.#exchange.takesBody) break;
      const chunk = this.#waiting.shift();
      if (!chunk) break;
      this.#waitingBytes -= chunk.length;
      this.#scan(chunk);
      this.#exchange?.flush();
    }
    this.#isScanning = false;
    if (this.#isFull && this.#waitingBytes <= MAX_WAITING_BYTES) {
      this.#isFull = false;
      this.socket.resume();
    }
  }

  /** Up to the end of the request; what is behind it waits. */
  #scan(chunk: Buffer): void {
    const framer = this.#framer;
    const now = this.#context.recorder.now();
    if (framer.atRest || framer.head) this.#sinceMs = now;
    framer.start();
    let from = 0;
    let step: Step;
    do {
      step = framer.next(chunk);
      if (step === "head" && framer.head) {
        this.#begin(framer.head);
        from = framer.at;
      } else if (step === "body" || step === "end") {
        if (from < framer.at) this.#exchange?.addBody(chunk.subarray(from, framer.at));
        from = framer.at;
        if (step === "end") this.#exchange?.endRequest(now);
      } else if (step === "refused") this.#refuse(framer.refusal ?? new Refusal(400, "unreadable"));
    } while (step === "head" || step === "body");
    if (step === "end" && from < chunk.length) {
      const rest = chunk.subarray(from);
      this.#waiting.unshift(rest);
      this.#waitingBytes += rest.length;
    }
  }

  #begin(head: RequestHead): void {
    const target = readTarget(head.target);
    this.#who = this.#name(target);
    this.#exchange = new Exchange({
      context: this.#context,
      client: this,
      who: this.#who,
      head,
      target,
    });
    const how = this.#context.gate.cutFor(this.#ends);
    if (how === undefined) this.#exchange.begin(this.#framer.headBytes);
    else this.#cut(how);
  }

  /** What the client calls itself, or its session did, or where it comes from. */
  #name(target: HttpTarget): Participant {
    // What a stranger's server means by the word is its own affair.
    const named = this.#context.stranger ? undefined : target.query.client;
    if (isClientId(named)) return `client:${named}`;
    const sid = target.query.sid;
    const session = sid === undefined ? undefined : this.#context.upstreams.sessions.find(sid);
    return session?.client ?? `client:${this.#stranger}`;
  }

  /** Nothing of a request that two readers could read differently is passed on. */
  #refuse({ status, reason }: Refusal): void {
    const message = `The request was refused: ${reason}.`;
    const answer = { status, code: "bad-request", message };
    if (this.#exchange) {
      this.#exchange.refuse(answer);
      return;
    }
    const bytes = encodeAnswer(answer, { closes: true });
    const atMs = this.#context.recorder.now();
    this.socket.write(bytes);
    tellRefusal(this.#context, `client:${this.#stranger}`, {
      atMs,
      answer,
      reason,
      bytes: bytes.length,
    });
    this.#close();
  }

  /** Says that nothing more comes, and gives the client time to read what did. */
  #close(): void {
    this.#phase = "closing";
    this.#sinceMs = this.#context.recorder.now();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.socket.end();
    this.socket.resume();
  }

  /** A client that half-closes has left, as it has for Node and nginx; what it means to a stranger, that server says. */
  #ended(): void {
    if (this.#phase !== "open") return;
    if (this.#context.stranger && this.#exchange?.isRequestWhole) {
      this.#exchange.clientEnded();
      return;
    }
    this.#leave();
    this.socket.destroy();
  }

  #leave(): void {
    this.#waiting = [];
    this.#exchange?.clientLeft();
    this.#exchange = undefined;
  }
}
