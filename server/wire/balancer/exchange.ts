/**
 * One request and its response, between a client connection (which frames requests) and an upstream
 * connection (which frames responses): ends both when they have crossed, or when a side fails.
 * How the request gets to a replica is the delivery's business, how the response comes back the
 * return's, what is told of them the report's.
 */
import type { Participant, ReplicaId } from "../../../shared/contracts/ids.ts";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { BalancerContext } from "./balancer-context.ts";
import type { ClientSide } from "./client-side.ts";
import { ExchangeReport } from "./exchange-report.ts";
import { replicaGone, replicaSilent } from "./failure-words.ts";
import type { RequestHead, ResponseHead } from "./http-head.ts";
import { OutgoingRequest } from "./outgoing-request.ts";
import { encodeAnswer, type OwnAnswer } from "./own-answer.ts";
import { RequestDelivery } from "./request-delivery.ts";
import { ResponseReturn } from "./response-return.ts";
import type { Served } from "./upstream-connection.ts";
import type { Busy } from "./upstreams.ts";

/** A byte now and then keeps a connection busy for ever, if only pauses are limited. */
const BODY_LIMITS = { graceMs: 30_000, bytesPerSecond: 500 } as const;

export interface ExchangeOptions {
  context: BalancerContext;
  client: ClientSide;
  who: Participant;
  head: RequestHead;
  target: HttpTarget;
}

export class Exchange implements Served, Busy {
  readonly #options: ExchangeOptions;
  readonly #request: OutgoingRequest;
  readonly #report: ExchangeReport;
  readonly #delivery: RequestDelivery;
  readonly #return: ResponseReturn;
  #isOver = false;

  constructor(options: ExchangeOptions) {
    const { context, client, who, head, target } = options;
    this.#options = options;
    const adds = head.traceparent === undefined && !context.stranger;
    const added = adds ? context.traceparents() : undefined;
    this.#request = new OutgoingRequest(head, added, context.recorder.now());
    this.#report = new ExchangeReport(context, who, head, target, this.#request.traceId);
    this.#delivery = new RequestDelivery({
      // Named one by one: spreading the options cost about half of what a request takes here.
      context,
      client,
      head,
      target,
      request: this.#request,
      report: this.#report,
      exchange: this,
      onCrossed: () => this.#requestCrossed(),
    });
    this.#return = new ResponseReturn({
      context,
      client,
      report: this.#report,
      delivery: this.#delivery,
      exchange: this,
      onCrossed: () => this.#responseCrossed(),
    });
  }

  /** While false, the client connection keeps what comes for later. */
  get takesBody(): boolean {
    return this.#delivery.takesBody;
  }

  /** Nothing more will be passed on or told. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get isRequestWhole(): boolean {
    return this.#request.isWhole;
  }

  begin(headBytes: Buffer): void {
    this.#request.begin(headBytes, this.#report.request);
    this.#delivery.begin();
  }

  addBody(bytes: Buffer): void {
    this.#request.addBody(bytes, this.#report.request);
  }

  endRequest(atMs: number): void {
    this.#request.end(atMs);
  }

  /** The client connection has handed over all it has for now. */
  flush(): void {
    if (this.#isOver) return;
    const { answer } = this.#delivery;
    if (answer) this.#sendOwnAnswer(answer);
    else this.#delivery.flush();
  }

  #requestCrossed(): void {
    if (this.#isOver) return;
    // Whether an upgrade is a request or a socket, only its response will tell.
    if (!this.#options.head.upgrade) this.#tellRequest();
    if (this.#return.hasCrossed) this.#settle();
  }

  #tellRequest(): void {
    this.#report.tellRequest(this.#delivery.replica, this.#request.crossing);
  }

  /** Whether the body has come more slowly, so far, than anyone would wait for. */
  isTrickle(nowMs: number): boolean {
    const forMs = nowMs - this.#request.crossing.atMs;
    if (this.#request.isWhole || forMs <= BODY_LIMITS.graceMs) return false;
    return this.#report.request.bytes < (forMs / 1_000) * BODY_LIMITS.bytesPerSecond;
  }

  /** The client has said all it will, and still listens. */
  clientEnded(): void {
    this.#delivery.endBehind();
  }

  /** Looks for what has waited for too long. */
  sweep(nowMs: number): void {
    this.#delivery.placement.upstream?.link.look();
    if (this.#isOver || this.#return.hasBegun) return;
    const silentMs = this.#delivery.silentMs(nowMs);
    if (silentMs === undefined) return;
    const { method, upgrade } = this.#options.head;
    if (upgrade) this.#goElsewhere("server", `it said nothing for ${silentMs / 1_000} s`);
    else this.#sendOwnAnswer(replicaSilent(this.#replica, silentMs, method));
  }

  onConnected(): void {
    this.#delivery.connected();
    this.flush();
    this.#options.client.onReady();
  }

  onDrain(): void {
    this.#delivery.drained();
    this.#options.client.onReady();
  }

  onResponseHead(head: ResponseHead, bytes: Buffer): void {
    if (head.status === 101 && !this.#maySwitch) {
      this.cut("it switched protocols without being asked");
      return;
    }
    this.#return.begin(head, bytes);
    if (head.status < 200) return;
    this.#request.forget();
    this.#tellRequest();
  }

  onResponseBytes(bytes: Buffer): void {
    this.#return.add(bytes);
  }

  onClientDrain(): void {
    this.#return.drained();
  }

  onResponseEnd(atMs: number): void {
    if (this.#request.isWhole) this.#delivery.placement.release(this.#options.head.keepAlive);
    this.#return.end(atMs);
  }

  #responseCrossed(): void {
    const { head } = this.#options;
    // A client that waited for "100 Continue" may now send its body or not: where its next request
    // starts, nobody can say.
    const isUnclear = head.expectContinue && !this.#request.bodyHasBegun;
    if (this.#request.isWhole || isUnclear) this.#settle();
  }

  /** Request and response have crossed, or will not go on. */
  #settle(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { client, head } = this.#options;
    this.#delivery.placement.release(this.#request.isWhole && head.keepAlive);
    client.onExchangeOver(
      this.#request.isWhole && head.keepAlive && this.#return.head?.keepAlive === true,
    );
  }

  get #maySwitch(): boolean {
    return this.#options.head.upgrade && this.#request.isWhole;
  }

  onSwitched(rest: Buffer, atMs: number): void {
    const { context, client, target } = this.#options;
    const { place, upstream } = this.#delivery.placement;
    if (!place || !upstream || this.#isOver) return;
    this.#isOver = true;
    this.#delivery.placement.hand();
    const conn = context.nextConn();
    const crossing = {
      atMs: this.#request.crossing.atMs,
      doneAtMs: Math.max(atMs, context.recorder.now()),
    };
    const openSeq = this.#report.tellOpen(this.#delivery.replica, conn, crossing);
    client.onSwitched({ upstream: upstream.socket, rest, place, conn, openSeq, target });
  }

  onGone(reason: string): void {
    if (this.#isOver) return;
    if (this.#return.hasCrossed) this.#settle();
    else if (!this.#return.head && this.#delivery.setOutAgain()) this.flush();
    else this.#fail("server", reason);
  }

  /** The replica is out: goes elsewhere, or ends now. */
  cut(reason: string): void {
    if (!this.#isOver) this.#goElsewhere("balancer", reason);
  }

  #goElsewhere(leftBy: "server" | "balancer", reason: string): void {
    if (!this.#return.head && this.#delivery.setOutElsewhere()) this.flush();
    else this.#fail(leftBy, reason);
  }

  /** With a reason where the client can still read one, else by closing its connection. */
  #fail(closedBy: "server" | "balancer", reason: string): void {
    if (this.#isOver) return;
    const { method } = this.#options.head;
    const { stranger } = this.#options.context;
    // What a stranger's server does to its connection, happens to the client's.
    const isTheirs = stranger !== undefined && this.#delivery.isLeftByReplica;
    if (this.#return.hasBegun || isTheirs) this.#breakOff(closedBy, reason);
    else this.#sendOwnAnswer(replicaGone(this.#replica, reason, method));
  }

  /** The one it went to last. */
  get #replica(): ReplicaId {
    return this.#delivery.placement.place?.replica ?? "";
  }

  /** The rest of the request cannot be taken, or not waited for. */
  refuse(answer: OwnAnswer): void {
    if (this.#return.hasBegun) this.#breakOff("balancer", answer.message);
    else this.#sendOwnAnswer(answer);
  }

  /** The client does not take what it asked for. */
  giveUp(reason: string): void {
    this.#breakOff("balancer", reason);
  }

  #breakOff(closedBy: "server" | "balancer", reason: string): void {
    this.#end(closedBy, reason);
    this.#options.client.socket.destroy();
  }

  clientLeft(): void {
    this.#end("client");
  }

  #end(closedBy: "client" | "server" | "balancer", reason?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#return.hasCrossed) {
      this.#tellRequest();
      this.#report.tellEnd(this.#delivery.replica, closedBy, reason);
    }
    this.#delivery.placement.abandon();
  }

  #sendOwnAnswer(answer: OwnAnswer): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { context, client, head } = this.#options;
    const closes = !head.keepAlive || !this.#request.isWhole;
    const isHead = head.method === "HEAD";
    const bytes = encodeAnswer(answer, {
      origin: context.access.reader(head.origin),
      closes,
      isHead,
    });
    const atMs = context.recorder.now();
    this.#tellRequest();
    client.socket.write(bytes);
    const crossing = { atMs, doneAtMs: context.recorder.now() };
    this.#report.tellOwnAnswer(answer, bytes.length, crossing);
    this.#delivery.placement.abandon();
    client.onExchangeOver(!closes);
  }
}
