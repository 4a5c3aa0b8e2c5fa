/**
 * Tells the recorder what crossed in one exchange: the request, the response, Engine.IO packets in
 * their bodies, and a client that left. It looks at samples after the bytes were forwarded and
 * learns sessions from handshakes; it never touches a socket.
 */
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { Hop } from "../hop.ts";
import type { PacketWords, Sender } from "../tap/decoders/engine-io-decoder.ts";
import {
  type Answers,
  describeRequest,
  isPoll,
  type RequestWords,
  type ResponseWords,
} from "../tap/decoders/http-decoder.ts";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { Crosser } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";
import type { BalancerContext } from "./balancer-context.ts";
import { blankHead, blankStrangersHead } from "./blanking.ts";
import { BodySample } from "./body-sample.ts";
import type { RequestHead, ResponseHead } from "./http-head.ts";
import type { OwnAnswer } from "./own-answer.ts";
import { isHeldApart, tellPollingPackets } from "./polling-packets.ts";

export interface Crossing {
  atMs: number;
  doneAtMs: number;
}

export class ExchangeReport {
  readonly request: BodySample;
  readonly response: BodySample;
  readonly isPoll: boolean;
  readonly #context: BalancerContext;
  readonly #client: Participant;
  readonly #head: RequestHead;
  readonly #target: HttpTarget;
  readonly #traceId: string | undefined;
  requestPerturbed: Hop["perturbed"];
  responsePerturbed: Hop["perturbed"];
  #requestSeq: number | undefined;
  /** When its last byte had left, and the first of its answer was there. */
  #askedMs = 0;
  #answeredMs = 0;
  #words: RequestWords | undefined;

  constructor(
    context: BalancerContext,
    client: Participant,
    head: RequestHead,
    target: HttpTarget,
    traceId: string | undefined,
  ) {
    this.#context = context;
    this.#client = client;
    this.#head = head;
    this.#target = target;
    this.#traceId = traceId;
    this.request = new BodySample(context.budget);
    this.response = new BodySample(context.budget);
    const { stranger } = context;
    this.isPoll = stranger?.isPoll(head.method, target) ?? isPoll(head.method, target);
  }

  words(): RequestWords {
    const { method, target } = this.#head;
    const body =
      method === "POST" ? this.request.body(this.#head.body, this.#head.encoding) : undefined;
    this.#words ??=
      this.#context.stranger?.describeRequest(method, target, this.#target) ??
      describeRequest(method, target, this.#target, body);
    return this.#words;
  }

  /** Its head has come, with so many bytes. */
  beginAnswer(headBytes: number): void {
    this.response.begin(headBytes);
    if (this.#context.stranger) this.#answeredMs = this.#context.recorder.now();
  }

  /** What a gate is told while the request waits. */
  waitingRequest(to: Participant): Crosser {
    const { words, isUpkeep } = this.#waitingRequestWords();
    const hop: HopDraft = { kind: "http.request", bytes: this.request.bytes, ...words };
    if (isUpkeep) hop.info = { ...hop.info, setup: true };
    if (this.#traceId !== undefined) hop.traceId = this.#traceId;
    return { from: this.#client, to, pattern: this.#context.pattern, hop };
  }

  waitingResponse(from: Participant, head: ResponseHead | undefined): Crosser {
    const body = head && this.response.body(head.body, head.encoding);
    const { isPolling } = this;
    const words = isPolling ? undefined : this.#answerWords(head, body);
    const packets = isPolling ? this.#packetsIn(body, "server") : undefined;
    const hop: HopDraft = {
      kind: "http.response",
      bytes: this.response.bytes,
      label: words?.label ?? packets?.map(({ label }) => label).join(", ") ?? "",
      info: { ...this.words().info, status: head?.status ?? 0 },
    };
    if (words) hop.outcome = words.outcome;
    const messageIds = words?.messageIds ?? packets?.flatMap((packet) => packet.messageIds ?? []);
    if (messageIds && messageIds.length > 0) hop.messageIds = messageIds;
    const traceId = words?.traceId ?? packets?.[0]?.traceId;
    if (traceId !== undefined) hop.traceId = traceId;
    if (this.#head.method === "OPTIONS" || (isPolling && !isHeldApart(packets)))
      hop.info = { ...hop.info, setup: true };
    return { from, to: this.#client, pattern: this.#context.pattern, hop };
  }

  /** Of Engine.IO's polling transport, whose requests keep its session alive. */
  get isPolling(): boolean {
    return this.#target.engine === "polling";
  }

  #waitingRequestWords(): { words: RequestWords; isUpkeep: boolean } {
    const { method, upgrade, body, encoding } = this.#head;
    const words = this.words();
    if (upgrade || method === "OPTIONS") return { words, isUpkeep: true };
    if (!this.isPolling) return { words, isUpkeep: false };
    const packets =
      method === "POST" ? this.#packetsIn(this.request.body(body, encoding), "client") : undefined;
    return { words, isUpkeep: !isHeldApart(packets) };
  }

  #packetsIn(body: Buffer | undefined, sender: Sender): PacketWords[] | undefined {
    if (!body || body.length === 0) return undefined;
    return this.#context.engineIo.describeBody(body, sender)?.map(({ words }) => words);
  }

  tellRequest(to: Participant, { atMs, doneAtMs }: Crossing): void {
    if (this.#requestSeq !== undefined) return;
    this.#askedMs = doneAtMs;
    const { label, info } = this.words();
    const hop: Hop = {
      kind: "http.request",
      at: atMs,
      doneAt: doneAtMs,
      from: this.#client,
      to,
      label,
      bytes: this.request.bytes,
      pattern: this.#context.pattern,
      info,
      raw: this.request.shown(this.#blanker(this.#head)),
    };
    if (this.#traceId !== undefined) hop.traceId = this.#traceId;
    if (this.requestPerturbed !== undefined) hop.perturbed = this.requestPerturbed;
    if (this.#head.method === "POST") {
      const packets = this.#tellPackets("client", this.request, this.#head, hop);
      if (packets.length > 0) hop.causes = packets;
    }
    this.#requestSeq = this.#context.recorder.record(hop);
    this.request.drop();
  }

  /** `lost`: the client left before it had all of it. */
  tellResponse(from: Participant, head: ResponseHead, crossing: Crossing, lost: boolean): void {
    const body = this.response.body(head.body, head.encoding);
    const words = this.#answerWords(head, body);
    const hop = this.#responseHop(from, words.label, crossing, head.status);
    hop.bytes = this.response.bytes;
    hop.outcome = words.outcome;
    hop.raw = this.response.shown(this.#blanker(head));
    if (words.messageIds) hop.messageIds = words.messageIds;
    if (words.traceId !== undefined) hop.traceId = words.traceId;
    if (lost && hop.info) hop.info.lost = true;
    if (this.responsePerturbed !== undefined) hop.perturbed = this.responsePerturbed;
    if (this.#head.method === "GET" && head.status === 200) {
      hop.causes?.push(...this.#tellPackets("server", this.response, head, hop));
    }
    this.#context.recorder.record(hop);
    this.response.drop();
  }

  /** The balancer answered in a replica's place. */
  tellOwnAnswer(answer: OwnAnswer, bytes: number, crossing: Crossing): void {
    const from = this.#context.name;
    const label = `${answer.status} ${answer.code.replaceAll("-", " ")}`;
    const hop = this.#responseHop(from, label, crossing, answer.status);
    hop.bytes = bytes;
    hop.outcome = "error";
    hop.info = { ...hop.info, reason: answer.message };
    this.#context.recorder.record(hop);
    this.request.drop();
    this.response.drop();
  }

  /** The exchange ended before its response was whole. */
  tellEnd(to: Participant, closedBy: "client" | "server" | "balancer", reason?: string): void {
    const now = this.#context.recorder.now();
    const isClient = closedBy === "client";
    const hop: Hop = {
      kind: "socket.close",
      at: now,
      doneAt: now,
      from: isClient ? this.#client : to,
      to: isClient ? to : this.#client,
      label: isClient ? "client left" : "cut off",
      bytes: 0,
      pattern: this.#context.pattern,
      info: reason === undefined ? { closedBy } : { closedBy, reason },
    };
    if (this.#requestSeq !== undefined) hop.causes = [this.#requestSeq];
    this.#context.recorder.record(hop);
    this.request.drop();
    this.response.drop();
  }

  /** The request became a WebSocket. Returns the seq of its opening. */
  tellOpen(to: Participant, conn: string, crossing: Crossing): number {
    const blank = this.#context.stranger ? blankStrangersHead : blankHead;
    const hop: Hop = {
      kind: "socket.open",
      at: crossing.atMs,
      doneAt: crossing.doneAtMs,
      from: this.#client,
      to,
      label: "CONNECT 101",
      bytes: this.request.bytes + this.response.bytes,
      pattern: this.#context.pattern,
      conn,
      info: { path: this.words().info.path ?? "", transport: "websocket", setup: true },
      raw: [...this.request.shown(blank), ...this.response.shown(blank)],
    };
    if (this.#traceId !== undefined) hop.traceId = this.#traceId;
    const seq = this.#context.recorder.record(hop);
    this.request.drop();
    this.response.drop();
    return seq;
  }

  #responseHop(from: Participant, label: string, crossing: Crossing, status: number): Hop {
    return {
      kind: "http.response",
      at: crossing.atMs,
      doneAt: crossing.doneAtMs,
      from,
      to: this.#client,
      label,
      bytes: 0,
      pattern: this.#context.pattern,
      info: { ...this.words().info, status },
      ...(this.#requestSeq === undefined ? {} : { causes: [this.#requestSeq] }),
    };
  }

  #blanker({ secret }: RequestHead | ResponseHead): ((head: Buffer) => Buffer) | undefined {
    if (this.#context.stranger) return blankStrangersHead;
    return secret ? blankHead : undefined;
  }

  #answerWords(head: ResponseHead | undefined, body: Buffer | undefined): ResponseWords {
    const { stranger, responses } = this.#context;
    const status = head?.status ?? 0;
    if (!stranger) return responses.describe(this.#answers(), status, body);
    const { isPoll, ...words } = stranger.describeAnswer(this.#head.method, this.#target, {
      status,
      body,
      waitedMs: this.#answeredMs - this.#askedMs,
      isStream: head?.isStream === true,
    });
    // Only now it shows that it was one.
    if (isPoll) this.#words = { ...this.words(), info: { ...this.words().info, poll: true } };
    return words;
  }

  #answers(): Answers {
    if (this.#target.engine) return "other";
    if (this.isPoll) return "poll";
    return this.#head.method === "POST" ? "post" : "other";
  }

  /** The packets in a polling body, told before the HTTP hop that carries them. */
  #tellPackets(
    sender: Sender,
    sample: BodySample,
    head: RequestHead | ResponseHead,
    carrier: Hop,
  ): number[] {
    if (!this.isPolling) return [];
    const body = sample.body(head.body, head.encoding);
    const packets = body?.length ? this.#context.engineIo.describeBody(body, sender) : undefined;
    const session = { sid: this.#target.query.sid, client: this.#client };
    return tellPollingPackets(this.#context, packets ?? [], carrier, session);
  }
}
