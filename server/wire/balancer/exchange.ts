/**
 * One request and its response: forwards both ways between a client connection (which frames
 * requests) and an upstream connection (which frames responses), and decides what happens when a
 * side fails. Where it goes is the placement's business, what is told of it the report's.
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
import { Placement } from "./placement.ts";
import type { Fate, UnitForwarder } from "./unit-forwarder.ts";
import type { Served } from "./upstream-connection.ts";
import type { Busy } from "./upstreams.ts";

/** A kept-alive connection that dies this soon after a request was written died before it was read. */
const RACE_MS = 1_000;

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
  readonly #placement: Placement;
  #toUpstream: UnitForwarder | undefined;
  #ownAnswer: OwnAnswer | undefined;
  #response: ResponseHead | undefined;
  #isRetried = false;
  /** The replica reads slowly. */
  #isBlocked = false;
  #isAnswered = false;
  #isOver = false;

  constructor(options: ExchangeOptions) {
    const { context, who, head, target } = options;
    this.#options = options;
    const adds = head.traceparent === undefined && !context.isStranger;
    const added = adds ? context.traceparents() : undefined;
    this.#request = new OutgoingRequest(head, added, context.recorder.now());
    this.#report = new ExchangeReport(context, who, head, target, this.#request.traceId);
    this.#placement = new Placement({
      upstreams: context.upstreams,
      target,
      method: head.method,
      isPoll: this.#report.isPoll,
      exchange: this,
    });
  }

  /** While false, the client connection keeps what comes for later. */
  get takesBody(): boolean {
    return (this.#toUpstream !== undefined && !this.#isBlocked) || this.#ownAnswer !== undefined;
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
    const { context, head, target } = this.#options;
    const refusal = context.isStranger ? undefined : context.access.refusal(head, target);
    if (refusal === undefined) this.#acquire();
    else this.#ownAnswer = { status: 403, code: "forbidden", message: refusal };
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
    if (this.#ownAnswer) {
      this.#sendOwnAnswer(this.#ownAnswer);
      return;
    }
    const link = this.#toUpstream;
    if (!link) return;
    this.#request.moveTo(link);
    if (!link.flush()) {
      this.#isBlocked = true;
      this.#options.client.socket.pause();
    }
    if (!this.#request.isWhole) return;
    if (link.endNow()) this.#requestCrossed();
    else link.end(() => this.#report.waitingRequest(), this.#requestCrossed);
  }

  readonly #requestCrossed = (): void => {
    if (this.#isOver) return;
    this.#request.left(this.#options.context.recorder.now());
    // Whether an upgrade is a request or a socket, only its response will tell.
    if (!this.#options.head.upgrade) this.#tellRequest();
    if (this.#isAnswered) this.#settle();
  };

  #tellRequest(): void {
    this.#report.tellRequest(this.#other(), this.#request.crossing);
  }

  #other(): Participant {
    return this.#placement.participant(`balancer:${this.#options.context.pattern}`);
  }

  #acquire(): void {
    this.#ownAnswer = this.#placement.acquire({ fresh: this.#isRetried });
    const { upstream } = this.#placement;
    if (this.#ownAnswer || !upstream?.isConnected) return;
    this.#toUpstream = upstream.link;
  }

  onConnected(): void {
    const { upstream } = this.#placement;
    if (!upstream) return;
    this.#toUpstream = upstream.link;
    this.flush();
    this.#options.client.onReady();
  }

  onDrain(): void {
    this.#isBlocked = false;
    this.#options.client.onReady();
  }

  onResponseHead(head: ResponseHead, bytes: Buffer): void {
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
      this.#options.client.socket.write(bytes);
      return;
    }
    this.#options.client.link.add(bytes);
    if (!this.#options.client.link.flush()) this.#placement.upstream?.socket.pause();
  }

  /** The client reads again. */
  onClientDrain(): void {
    this.#placement.upstream?.socket.resume();
  }

  onResponseEnd(atMs: number): void {
    if (this.#request.isWhole) this.#placement.release(this.#options.head.keepAlive);
    const { link } = this.#options.client;
    if (link.endNow()) this.#responseCrossed(atMs, "sent");
    else
      link.end(
        () => this.#report.waitingResponse(this.#response?.status),
        (fate) => this.#responseCrossed(atMs, fate),
      );
  }

  #responseCrossed(atMs: number, fate: Fate): void {
    if (this.#isOver || !this.#response) return;
    const { context, head } = this.#options;
    const crossing = { atMs, doneAtMs: context.recorder.now() };
    this.#report.tellResponse(this.#other(), this.#response, crossing, fate === "lost");
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
    this.#placement.release(this.#request.isWhole && head.keepAlive);
    client.onExchangeOver(
      this.#request.isWhole && head.keepAlive && this.#response?.keepAlive === true,
    );
  }

  onSwitched(rest: Buffer, atMs: number): void {
    const { context, client, head, target } = this.#options;
    const { place, upstream } = this.#placement;
    if (!place || !upstream || this.#isOver) return;
    if (!head.upgrade || !this.#request.isWhole) {
      this.cut("it switched protocols without being asked");
      return;
    }
    this.#isOver = true;
    this.#placement.hand();
    const conn = context.nextConn();
    const crossing = {
      atMs: this.#request.crossing.atMs,
      doneAtMs: Math.max(atMs, context.recorder.now()),
    };
    const openSeq = this.#report.tellOpen(this.#other(), conn, crossing);
    client.onSwitched({ upstream: upstream.socket, rest, place, conn, openSeq, target });
  }

  onGone(reason: string): void {
    if (this.#isOver) return;
    const { upstream } = this.#placement;
    if (this.#isAnswered) this.#settle();
    else if (upstream && !upstream.isConnected) {
      this.#placement.exclude();
      this.#tryAgain();
    } else if (this.#mayRetry()) {
      this.#isRetried = true;
      this.#request.repeat();
      this.#tryAgain();
    } else this.#fail("server", reason);
  }

  #tryAgain(): void {
    this.#placement.abandon();
    this.#toUpstream = undefined;
    this.#acquire();
    this.flush();
  }

  #mayRetry(): boolean {
    const isReused = (this.#placement.upstream?.uses ?? 0) > 1;
    const { doneAtMs } = this.#request.crossing;
    const isRace = this.#options.context.recorder.now() - doneAtMs < RACE_MS;
    return isReused && isRace && this.#request.isRepeatable && !this.#isRetried && !this.#response;
  }

  /** The replica is out: ends now. */
  cut(reason: string): void {
    this.#fail("balancer", reason);
  }

  /** With a reason where the client can still read one, else by closing its connection. */
  #fail(closedBy: "server" | "balancer", reason: string): void {
    if (this.#isOver) return;
    const { head, client } = this.#options;
    if (this.hasBegunAnswering || this.#response?.status === 101) {
      this.#end(closedBy, reason);
      client.socket.destroy();
      return;
    }
    const isSafe = head.method === "GET" || head.method === "HEAD";
    this.#sendOwnAnswer(replicaGone(this.#placement.place?.replica ?? "", reason, isSafe));
  }

  clientLeft(): void {
    this.#end("client");
  }

  #end(closedBy: "client" | "server" | "balancer", reason?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isAnswered) {
      this.#tellRequest();
      this.#report.tellEnd(this.#other(), closedBy, reason);
    }
    this.#placement.abandon();
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
    this.#placement.abandon();
    client.onExchangeOver(!closes);
  }
}
