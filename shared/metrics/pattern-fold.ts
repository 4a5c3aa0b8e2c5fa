/**
 * Everything one pattern's events add up to: requests, polls, idle requests, bytes, clients and
 * deliveries. Reads events in the order they were recorded; allocates nothing for most of them.
 * Definitions are rules ME1–ME19 in docs/spec/metrics.md.
 */
import { DEFAULT_ROOM, type Participant, type Pattern } from "../contracts/ids.ts";
import type { PatternMetrics } from "../contracts/metrics.ts";
import { isLost, type TraceEvent } from "../trace/event.ts";
import type { JudgeOptions } from "../trace/judging.ts";
import { Accepted } from "./accepted.ts";
import { DeliveryFold } from "./delivery-fold.ts";
import { DeliveryLatency } from "./delivery-latency.ts";
import { ledgerIn, type ObservedClient, ObservedClients, reopenLedger } from "./observed-client.ts";
import { Tally } from "./tally.ts";

const HANDSHAKE_ROOM = /[?&]room=([A-Za-z0-9_-]+)/;
/** Above this a packet without known ids may well have carried messages. */
const READABLE_BYTES = 16 * 1024;

export class PatternFold {
  readonly clients = new ObservedClients();
  readonly accepted: Accepted;
  readonly #pattern: Pattern;
  readonly #tally: Tally;
  readonly #latency: DeliveryLatency;
  readonly #deliveries: DeliveryFold;

  constructor(pattern: Pattern, windowMs: number, nowMs: number, options: JudgeOptions) {
    this.#pattern = pattern;
    this.#tally = new Tally(windowMs, nowMs);
    this.#latency = new DeliveryLatency(windowMs, nowMs);
    this.accepted = new Accepted(pattern);
    this.#deliveries = new DeliveryFold(pattern, this.#tally, this.#latency, options);
  }

  fold(event: TraceEvent): void {
    this.#tally.advance(event.doneAt, this.clients.presentCount);
    if (event.perturbed !== undefined) {
      this.#tally.count("perturbed");
      if (event.perturbed === "held") this.perturb(event.doneAt);
      else this.#deliveries.untime(event.doneAt);
    }
    if (event.from.startsWith("client:")) this.#fromClient(event, event.from);
    else if (event.to.startsWith("client:")) this.#toClient(event, event.to);
    else if (event.kind === "sql.statement") this.#statement(event);
    else if (event.traceId !== undefined) this.#name(event);
  }

  snapshot(nowMs: number, held: number): PatternMetrics {
    this.#tally.advance(nowMs, this.clients.presentCount);
    if (this.#deliveries.mayJudge(nowMs)) {
      this.clients.sweep(nowMs, (client) => this.#deliveries.judge(client, nowMs));
    }
    return {
      ...this.#tally.totals,
      held,
      clients: this.clients.presentCount,
      latencyMs: this.#latency.sinceReset(),
      window: { ...this.#tally.window(nowMs), latencyMs: this.#latency.inWindow(nowMs) },
    };
  }

  /** Hops were, or are, kept from crossing until then. */
  perturb(untilMs: number): void {
    this.#deliveries.perturb(untilMs);
  }

  /** Counts begin anew; who is there stays known, and is owed only what is accepted from now on. */
  reset(nowMs: number): void {
    this.#tally.reset(nowMs);
    this.#latency.reset();
    this.accepted.reset();
    for (const client of this.clients.all()) {
      for (const ledger of client.ledgers) reopenLedger(ledger, nowMs);
    }
  }

  #fromClient(event: TraceEvent, from: Participant): void {
    const { kind, info } = event;
    this.#countBytes(event);
    if (kind === "http.request") {
      this.#tally.count("requests");
      if (info?.poll === true && this.#pattern === "long-polling") this.#poll(event, from);
      else if (info?.path?.startsWith("/socket.io")) this.#socketRequest(event, from);
      else if (info?.method === "POST" && event.traceId !== undefined) {
        this.accepted.open(event.traceId, event.at, info.text, info.textBytes);
      }
      return;
    }
    if (kind === "socket.open") this.#opened(event, from);
    else if (kind === "socket.close") this.#closed(event, from);
    else this.#touch(event, from);
  }

  #toClient(event: TraceEvent, to: Participant): void {
    const { kind, info } = event;
    this.#countBytes(event);
    if (kind === "socket.close") {
      this.#closed(event, to);
      return;
    }
    const client = this.#touch(event, to);
    if (kind === "http.response") this.#answered(event, client);
    else if (kind === "packet") this.#packet(event, to, client);
    else if (kind === "raw" || (kind === "frame" && info?.heartbeat !== true)) {
      if (client !== undefined) client.blind = true;
    }
  }

  #poll(event: TraceEvent, from: Participant): void {
    const client = this.clients.seen(from, event.doneAt);
    const room = this.accepted.room(event.info?.room ?? DEFAULT_ROOM);
    if (client === undefined) return;
    client.polling = true;
    client.pollBytes = event.bytes;
    if (room !== undefined) this.#deliveries.polled(client, room, event.info?.after, event.at);
  }

  /** An answer over HTTP. Over Socket.IO's polling transport its packets are reported apart. */
  #answered(event: TraceEvent, client: ObservedClient | undefined): void {
    if (event.outcome === "created") {
      this.#tally.count("messages");
      this.#name(event);
      return;
    }
    if (this.#pattern !== "long-polling" || event.info?.poll !== true) return;
    if (client !== undefined) client.polling = false;
    if (event.outcome === "idle" && event.perturbed !== "held") {
      this.#tally.count("polls");
      this.#tally.count("idleRequests");
      this.#tally.count("idleBytes", event.bytes + (client?.pollBytes ?? 0));
    } else if (event.outcome === "messages") {
      this.#tally.count("polls");
      this.#deliver(event, client);
    } else if (client !== undefined) {
      for (const ledger of client.ledgers) ledger.claimed = 0;
    }
  }

  #packet(event: TraceEvent, to: Participant, client: ObservedClient | undefined): void {
    const { info } = event;
    if (info?.packet === "ack") {
      if (event.messageIds !== undefined) this.#tally.count("messages");
      this.#name(event);
    } else if (event.label === "CONNECTED") {
      const connected = this.clients.seen(to, event.doneAt);
      if (connected !== undefined) connected.connectedMs = event.doneAt;
    } else if (event.messageIds !== undefined && event.messageIds.length > 0) {
      this.#deliver(event, client ?? this.clients.seen(to, event.doneAt));
    } else if (event.bytes > READABLE_BYTES && client !== undefined) {
      client.blind = true;
    }
  }

  #deliver(event: TraceEvent, client: ObservedClient | undefined): void {
    if (isLost(event)) return;
    const keys = event.messageIds ?? [];
    const first = keys[0];
    if (first === undefined) {
      if (client !== undefined) client.blind = true;
      return;
    }
    if (event.traceId !== undefined) this.#name(event);
    const room = this.accepted.roomOf(first);
    if (client === undefined || room === undefined) this.#tally.count("deliveries", keys.length);
    else this.#deliveries.delivered(client, room, keys, event.doneAt);
  }

  /** The wire has learnt when a message was accepted, maybe after it was delivered (ME2). */
  #name(event: TraceEvent): void {
    const key = this.accepted.name(event);
    const room = key === undefined ? undefined : this.accepted.roomOf(key);
    if (key !== undefined && room !== undefined) this.#deliveries.named(key, room);
  }

  #socketRequest(event: TraceEvent, from: Participant): void {
    const client = this.clients.seen(from, event.doneAt);
    const isHandshake = event.info?.path?.includes("sid=") !== true;
    if (client !== undefined && isHandshake) this.#join(client, event);
  }

  #opened(event: TraceEvent, from: Participant): void {
    const client = this.clients.seen(from, event.doneAt);
    if (client === undefined) return;
    client.conn = event.conn;
    this.#join(client, event);
  }

  /** From here on the client is owed every message that is accepted in its room. */
  #join(client: ObservedClient, event: TraceEvent): void {
    const name = HANDSHAKE_ROOM.exec(event.info?.path ?? "")?.[1] ?? event.info?.room;
    const room = this.accepted.room(name ?? DEFAULT_ROOM);
    if (room !== undefined) ledgerIn(client, room, event.at);
  }

  #closed(event: TraceEvent, participant: Participant): void {
    const client = this.clients.find(participant);
    if (client === undefined) return;
    if (this.#pattern === "long-polling") {
      if (!client.polling) return;
    } else if (client.conn !== event.conn) return;
    client.left = event.info?.closedBy === "client";
    client.lastMs = event.doneAt;
    this.clients.gone(client);
  }

  /** The INSERT of a message that came by `send-message`: the first that shows its trace. */
  #statement(event: TraceEvent): void {
    if (event.traceId === undefined || !isInsert(event)) return;
    this.accepted.open(event.traceId, event.at, event.info?.text, event.info?.textBytes);
  }

  #touch(event: TraceEvent, participant: Participant): ObservedClient | undefined {
    const client = this.clients.find(participant);
    if (client !== undefined) client.lastMs = event.doneAt;
    return client;
  }

  #countBytes(event: TraceEvent): void {
    const isPacket = event.kind === "packet";
    if (isPacket || event.kind === "frame") this.#tally.count("frames");
    const isInsideHttp = isPacket && event.info?.transport === "polling";
    if (!isInsideHttp) this.#tally.count("wireBytes", event.bytes);
  }
}

export function isInsert(event: TraceEvent): boolean {
  return (event.info?.statement ?? event.label).startsWith("INSERT");
}
