/**
 * One request and its response, between a client connection (which frames requests) and an upstream
 * connection (which frames responses): passes the response back, and ends both when a side fails.
 * How the request gets to a replica is the delivery's business, what is told of it the report's.
 */
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { BalancerContext } from "./balancer-context.ts";
import type { ClientSide } from "./client-side.ts";
import { ExchangeReport } from "./exchange-report.ts";
import { replicaGone } from "./failure-words.ts";
import type { RequestHead, ResponseHead } from "./http-head.ts";
import { OutgoingRequest } from "./outgoing-request.ts";
import { encodeAnswer, type OwnAnswer } from "./own-answer.ts";
import { RequestDelivery, UPGRADE_ANSWER_MS } from "./request-delivery.ts";
import type { Fate } from "./unit-forwarder.ts";
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
  #response: ResponseHead | undefined;
  #isAnswered = false;
  #isOver = false;

  constructor(options: ExchangeOptions) {
    const { context, client, who, head, target } = options;
    this.#options = options;
    const adds = head.traceparent === undefined && !context.isStranger;
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
  }

  /** While false, the client connection keeps what comes for later. */
  get takesBody(): boolean {
    return this.#delivery.takesBody;
  }

  /** Bytes of a final response are on their way to the client: no other answer can be given. */
  get hasBegunAnswering(): boolean {
    return this.#response !== undefined && this.#response.status >= 200;
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
    if (this.#isAnswered) this.#settle();
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

  /** Looks for what has waited for too long. */
  sweep(nowMs: number): void {
    if (!this.#isOver && !this.#response && this.#delivery.isUnheard(nowMs))
      this.#goElsewhere("server", `it said nothing for ${UPGRADE_ANSWER_MS / 1_000} s`);
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
    this.#response = head;
    this.#report.response.begin(bytes.length);
    if (head.status < 200) return;
    this.#request.forget();
    this.#tellRequest();
  }

  onResponseBytes(bytes: Buffer): void {
    this.#report.response.add(bytes);
    if (this.#response && this.#response.status < 200) {
      // No gate holds these: a client may wait for one before it goes on with its request.
      if (!this.#options.client.socket.write(bytes)) this.#pauseReplica();
      return;
    }
    this.#options.client.link.add(bytes);
    if (!this.#options.client.link.flush()) this.#pauseReplica();
  }

  /** The client reads slowly. */
  #pauseReplica(): void {
    this.#delivery.placement.upstream?.socket.pause();
  }

  /** The client reads again. */
  onClientDrain(): void {
    this.#delivery.placement.upstream?.socket.resume();
  }

  onResponseEnd(atMs: number): void {
    if (this.#request.isWhole) this.#delivery.placement.release(this.#options.head.keepAlive);
    const { link } = this.#options.client;
    if (link.endNow()) this.#responseCrossed(atMs, "sent");
    else
      link.end({
        describe: () => this.#report.waitingResponse(this.#delivery.replica, this.#response),
        crossed: (fate, isPerturbed) => {
          if (isPerturbed) this.#report.responsePerturbed = "held";
          this.#responseCrossed(atMs, fate);
        },
        drop: () => this.giveUp("the answer was dropped"),
      });
  }

  #responseCrossed(atMs: number, fate: Fate): void {
    if (this.#isOver || !this.#response) return;
    const { context, head } = this.#options;
    const crossing = { atMs, doneAtMs: context.recorder.now() };
    this.#report.tellResponse(this.#delivery.replica, this.#response, crossing, fate === "lost");
    this.#isAnswered = true;
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
      this.#request.isWhole && head.keepAlive && this.#response?.keepAlive === true,
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
    if (this.#isAnswered) this.#settle();
    else if (!this.#response && this.#delivery.setOutAgain()) this.flush();
    else this.#fail("server", reason);
  }

  /** The replica is out: goes elsewhere, or ends now. */
  cut(reason: string): void {
    if (!this.#isOver) this.#goElsewhere("balancer", reason);
  }

  #goElsewhere(leftBy: "server" | "balancer", reason: string): void {
    if (!this.#response && this.#delivery.setOutElsewhere()) this.flush();
    else this.#fail(leftBy, reason);
  }

  /** With a reason where the client can still read one, else by closing its connection. */
  #fail(closedBy: "server" | "balancer", reason: string): void {
    if (this.#isOver) return;
    const { method } = this.#options.head;
    if (this.hasBegunAnswering) {
      this.#breakOff(closedBy, reason);
      return;
    }
    const isSafe = method === "GET" || method === "HEAD";
    this.#sendOwnAnswer(replicaGone(this.#delivery.placement.place?.replica ?? "", reason, isSafe));
  }

  /** The rest of the request cannot be taken, or not waited for. */
  refuse(answer: OwnAnswer): void {
    if (this.hasBegunAnswering) this.#breakOff("balancer", answer.message);
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
    if (!this.#isAnswered) {
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
