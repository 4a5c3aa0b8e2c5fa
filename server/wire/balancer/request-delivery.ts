/**
 * Brings one request to a replica: gets a connection from the placement, sends what has come of the
 * request, and says whether it may set out once more when that failed. What could happen twice is
 * never sent twice. The way back, and what a client is told of a failure, are the exchange's business.
 */
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { BalancerContext } from "./balancer-context.ts";
import type { ClientSide } from "./client-side.ts";
import type { ExchangeReport } from "./exchange-report.ts";
import type { RequestHead } from "./http-head.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import { NO_UPGRADES, type OwnAnswer } from "./own-answer.ts";
import { Placement } from "./placement.ts";
import type { UnitForwarder } from "./unit-forwarder.ts";
import type { Served } from "./upstream-connection.ts";
import type { Busy } from "./upstreams.ts";

/** A kept-alive connection that dies this soon after a request was written died before it was read. */
const RACE_MS = 1_000;
/** A replica that is there answers an upgrade at once; one that was stopped accepts it and says nothing. */
const UPGRADE_ANSWER_MS = 5_000;
/**
 * Protocol time. Longer than a replica waits for store and broker, 5 s each; shorter than our clients
 * wait for it, so that they are told what may have happened.
 */
const ANSWER_MS = 12_000;
/** So that a client hears something before it gives up itself. */
const MAX_MOVES = 2;

export interface RequestDeliveryOptions {
  context: BalancerContext;
  client: ClientSide;
  head: RequestHead;
  target: HttpTarget;
  request: OutgoingRequest;
  report: ExchangeReport;
  exchange: Served & Busy & { giveUp(reason: string): void };
  /** The last byte of the request has left. */
  onCrossed(): void;
}

export class RequestDelivery {
  readonly placement: Placement;
  /** There is nowhere to bring it to: what to say instead. */
  answer: OwnAnswer | undefined;
  readonly #options: RequestDeliveryOptions;
  #link: UnitForwarder | undefined;
  /** Sent to some replica, be it one that is gone. */
  #wasSent = false;
  #hasCrossed = false;
  #isRetried = false;
  #endsBehind = false;
  #moves = 0;
  /** The replica reads slowly. */
  #isBlocked = false;
  /** Since when the replica's word is waited for, in protocol time. */
  #waitsSinceMs = 0;

  constructor(options: RequestDeliveryOptions) {
    this.#options = options;
    const { context, client, head, target, report, exchange } = options;
    this.placement = new Placement({
      upstreams: context.upstreams,
      target,
      method: head.method,
      // Of a stranger's, every request that waits is one that it keeps waiting.
      isHeld: report.isPoll || context.stranger !== undefined,
      client,
      exchange,
    });
  }

  /** While false, the client connection keeps what comes for later. */
  get takesBody(): boolean {
    return (this.#link !== undefined && !this.#isBlocked) || this.answer !== undefined;
  }

  get replica(): Participant {
    return this.placement.participant(this.#options.context.name);
  }

  begin(): void {
    const { context, head, target } = this.#options;
    const refusal = context.stranger ? undefined : context.access.refusal(head, target);
    if (refusal === undefined && head.upgrade && context.refusesUpgrades) this.answer = NO_UPGRADES;
    else if (refusal === undefined) this.#acquire();
    else this.answer = { status: 403, code: "forbidden", message: refusal };
  }

  connected(): void {
    this.#link = this.placement.upstream?.link;
  }

  drained(): void {
    this.#isBlocked = false;
  }

  /** The client has ended its side, behind its request: so does the way to a stranger's server. */
  endBehind(): void {
    this.#endsBehind = true;
    if (this.#hasCrossed) this.placement.upstream?.socket.end();
  }

  /** The replica itself ended or broke the connection: nothing here did. */
  get isLeftByReplica(): boolean {
    const socket = this.placement.upstream?.isConnected
      ? this.placement.upstream.socket
      : undefined;
    return socket !== undefined && (socket.readableEnded || socket.errored !== null);
  }

  /** Sends what has come of the request. */
  flush(): void {
    const link = this.#link;
    const { context, head, request, client, report, exchange } = this.#options;
    if (!link) return;
    this.#wasSent = true;
    request.moveTo(link);
    // Its body comes only once the head has been answered.
    if (head.expectContinue && !request.isWhole) link.letPass();
    if (!link.flush()) {
      this.#isBlocked = true;
      if (this.#isTimed) this.#waitsSinceMs = context.protocolNow();
      client.socket.pause();
    }
    if (!request.isWhole) return;
    if (link.endNow()) this.#crossed(link);
    else
      link.end({
        describe: () => report.waitingRequest(this.replica),
        crossed: (_fate, perturbed) => {
          report.requestPerturbed = perturbed;
          this.#crossed(link);
        },
        drop: () => {
          report.requestPerturbed = "dropped";
          exchange.giveUp("the request was dropped");
        },
      });
  }

  #crossed(link: UnitForwarder): void {
    const { request, context, onCrossed } = this.#options;
    if (link !== this.#link) return; // It has set out on another one meanwhile.
    request.left(context.recorder.now());
    this.#hasCrossed = true;
    if (this.#isTimed) this.#waitsSinceMs = context.protocolNow();
    if (this.#endsBehind) this.endBehind();
    onCrossed();
  }

  /** How long a poll waits, or any GET, and how long a stranger's server thinks, is no concern of ours. */
  get #isTimed(): boolean {
    const { context, head } = this.#options;
    return head.method !== "GET" && !head.upgrade && context.stranger === undefined;
  }

  /** For how long the replica may have said nothing, if that time is over. */
  silentMs(nowMs: number): number | undefined {
    const { context, head, request } = this.#options;
    if (head.upgrade && !context.stranger) {
      const forMs = nowMs - request.crossing.doneAtMs;
      return this.#hasCrossed && forMs >= UPGRADE_ANSWER_MS ? UPGRADE_ANSWER_MS : undefined;
    }
    if (!this.#isTimed) return undefined;
    if (!this.#hasCrossed && !this.#isBlocked) return undefined;
    return context.protocolNow() - this.#waitsSinceMs >= ANSWER_MS ? ANSWER_MS : undefined;
  }

  /**
   * Its connection is gone and brought no byte. True: it is on its way once more, or `answer` says why
   * it is not.
   */
  setOutAgain(): boolean {
    if (this.#takeBack()) return this.#setOut();
    if (!this.#isRace()) return this.setOutElsewhere();
    this.#isRetried = true;
    return this.#setOut();
  }

  /** The same, where the replica itself is no good any more. */
  setOutElsewhere(): boolean {
    if (!this.#mayGoElsewhere()) return false;
    this.placement.exclude();
    return this.#setOut();
  }

  /** While traffic is held a replica may give up a connection before it was sent anything: no harm is done. */
  #takeBack(): boolean {
    const isConnected = this.placement.upstream?.isConnected === true;
    const bytes = isConnected ? this.#link?.takeBack() : undefined;
    if (bytes === undefined) return false;
    this.#options.request.takeBack(bytes);
    this.#wasSent = false;
    return true;
  }

  #isRace(): boolean {
    const { request, context } = this.#options;
    // A stranger's client sees for itself that its connection ended, and knows what to do.
    if (context.stranger) return false;
    const isReused = (this.placement.upstream?.uses ?? 0) > 1;
    const isSoon = context.recorder.now() - request.crossing.doneAtMs < RACE_MS;
    const isConnected = this.placement.upstream?.isConnected === true;
    return isConnected && isReused && isSoon && request.isRepeatable && !this.#isRetried;
  }

  /** A replica that has not accepted was sent nothing; an upgrade that was not answered did nothing. */
  #mayGoElsewhere(): boolean {
    const { upstream } = this.placement;
    if (!upstream) return false;
    if (!upstream.isConnected) return true;
    const { head, target, request } = this.#options;
    // No other replica knows the session.
    if (!head.upgrade || target.query.sid !== undefined || !request.isRepeatable) return false;
    return this.#moves++ < MAX_MOVES;
  }

  #setOut(): boolean {
    this.placement.abandon();
    this.#link = undefined;
    this.#hasCrossed = false;
    this.#isBlocked = false;
    this.#options.request.repeat();
    this.#acquire();
    if (!this.answer || !this.#wasSent) return true;
    // It says that nothing was sent to any replica: not so.
    this.answer = undefined;
    return false;
  }

  #acquire(): void {
    this.answer = this.placement.acquire({ fresh: this.#isRetried });
    const { upstream } = this.placement;
    if (!this.answer && upstream?.isConnected) this.#link = upstream.link;
  }
}
