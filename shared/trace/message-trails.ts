/**
 * What hops show of messages and clients, gathered in the order in which they crossed: when a message
 * was accepted and how far it came, who was there, who was given what. It keeps facts and judges
 * nothing; `receipts.ts` does.
 */
import {
  DEFAULT_ROOM,
  isStranger,
  type MessageKey,
  messageKey,
  type Participant,
  type Pattern,
} from "../contracts/ids.ts";
import { isLost, type TraceEvent } from "./event.ts";
import { JUDGING } from "./judging.ts";

export interface AcceptedMessage {
  key: MessageKey;
  text: string | undefined;
  from: Participant | undefined;
  acceptedMs: number;
  seq: number;
}

export interface SeenDelivery {
  atMs: number;
  seq: number;
  /** Given as history: it was accepted before the client was (again) there. */
  isOld: boolean;
  /** A newer one had been given before. */
  isBehind: boolean;
}

/** The last that was seen of a message on its way to a client. */
export interface TrailEnd {
  seq?: number;
  died: { from: Participant; to: Participant };
}

interface SeenClient {
  sinceMs: number;
  left: boolean;
  /** Its connection is open, since then (WebSockets). */
  connectedMs: number | undefined;
  replica: Participant;
  room: string;
  /** Highest id given. */
  top: number;
  /** Highest id that it says it has, and since when (long polling). */
  claimed: number;
  claimedMs: number;
}

interface Trail {
  publish?: TraceEvent;
  pushes: Map<Participant, TraceEvent>;
  deliveries: Map<Participant, SeenDelivery[]>;
  /** Hops to clients that did not arrive. */
  failed: Map<Participant, TraceEvent>;
}

const HANDSHAKE_ROOM = /[?&]room=([A-Za-z0-9_-]+)/;

export class MessageTrails {
  readonly #pattern: Pattern;
  readonly #posts = new Map<string, TraceEvent>();
  readonly #accepted = new Map<MessageKey, AcceptedMessage>();
  readonly #trails = new Map<MessageKey, Trail>();
  readonly #clients = new Map<Participant, SeenClient>();

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  get clients(): Participant[] {
    return [...this.#clients.keys()].sort(byNumber);
  }

  /** In the order in which they were accepted. */
  get accepted(): AcceptedMessage[] {
    return [...this.#accepted.values()];
  }

  take(event: TraceEvent): void {
    if (event.from.startsWith("client:")) this.#fromClient(event, event.from);
    else if (event.to.startsWith("client:")) this.#toClient(event, event.to);
    else this.#amongServers(event);
  }

  acceptance(key: MessageKey): { acceptedMs: number } {
    return this.#accepted.get(key) ?? { acceptedMs: Number.POSITIVE_INFINITY };
  }

  deliveries(key: MessageKey, client: Participant): readonly SeenDelivery[] {
    return this.#trails.get(key)?.deliveries.get(client) ?? [];
  }

  /** Whether the client was in the message's room when that was accepted. */
  isSubscribed(key: MessageKey, client: Participant): boolean {
    const seen = this.#clients.get(client);
    const isHere = seen !== undefined && seen.room === partsOf(key).room;
    return isHere && seen.sinceMs <= this.acceptance(key).acceptedMs;
  }

  hasLeft(client: Participant): boolean {
    return this.#clients.get(client)?.left ?? true;
  }

  /** Since when the client is past that message without it; undefined: it may still come. */
  passedOver(key: MessageKey, client: Participant): number | undefined {
    const seen = this.#clients.get(client);
    if (seen === undefined) return undefined;
    if (this.#pattern === "long-polling") {
      return seen.claimed >= partsOf(key).id ? seen.claimedMs : undefined;
    }
    const { acceptedMs } = this.acceptance(key);
    return seen.connectedMs === undefined ? undefined : Math.max(acceptedMs, seen.connectedMs);
  }

  /** How far the message came towards that client. */
  end(key: MessageKey, client: Participant): TrailEnd {
    const trail = this.#trails.get(key);
    const replica = this.#clients.get(client)?.replica ?? "broker";
    const failed = trail?.failed.get(client);
    if (failed) return { seq: failed.seq, died: { from: failed.from, to: failed.to } };
    const push = trail?.pushes.get(replica);
    if (push && !isLost(push)) return { seq: push.seq, died: { from: replica, to: client } };
    const last = push ?? trail?.publish;
    return { ...(last && { seq: last.seq }), died: { from: "broker", to: replica } };
  }

  #fromClient(event: TraceEvent, from: Participant): void {
    const { kind, info, traceId, to } = event;
    if (kind === "socket.close") this.#closed(from, event);
    else if (kind === "socket.open" && this.#pattern === "web-sockets") {
      this.#seen(from, event.at, to).room =
        HANDSHAKE_ROOM.exec(info?.path ?? "")?.[1] ?? DEFAULT_ROOM;
    } else if (kind === "http.request" && info?.poll === true && this.#pattern === "long-polling") {
      const client = this.#seen(from, event.at, to);
      client.room = info.room ?? DEFAULT_ROOM;
      if ((info.after ?? 0) > client.claimed) {
        client.claimed = info.after ?? 0;
        client.claimedMs = event.at;
      }
    } else if (kind === "http.request" && info?.method === "POST" && traceId !== undefined) {
      this.#posts.set(traceId, event);
    }
  }

  #toClient(event: TraceEvent, to: Participant): void {
    if (event.kind === "socket.close") this.#closed(to, event);
    else if (event.outcome === "created" || event.info?.packet === "ack") this.#name(event);
    else if (event.kind === "packet") {
      const client = this.#seen(to, event.doneAt, event.from);
      client.connectedMs ??= event.doneAt;
      this.#given(event, to, client);
    } else if (event.outcome === "messages" && this.#pattern === "long-polling") {
      this.#given(event, to, this.#seen(to, event.doneAt, event.from));
    }
  }

  #amongServers(event: TraceEvent): void {
    if (event.kind === "sql.statement" && event.label.startsWith("INSERT")) {
      // What came by `send-message` shows its trace here first.
      if (event.traceId !== undefined && !this.#posts.has(event.traceId)) {
        this.#posts.set(event.traceId, event);
      }
      return;
    }
    this.#name(event);
    for (const key of event.messageIds ?? []) {
      const trail = this.#trailOf(key);
      if (event.kind === "redis.push") trail.pushes.set(event.to, event);
      else if (event.info?.command === "PUBLISH") trail.publish = event;
    }
  }

  /** A trace and an id in one hop: the message that was posted has that id. */
  #name({ traceId, messageIds = [] }: TraceEvent): void {
    const [key, second] = messageIds;
    const post = traceId === undefined ? undefined : this.#posts.get(traceId);
    if (key === undefined || second !== undefined || post === undefined) return;
    if (this.#accepted.has(key)) return;
    const { seq, at: acceptedMs } = post;
    const from = post.from.startsWith("client:") ? post.from : undefined;
    this.#accepted.set(key, { key, text: post.info?.text, from, acceptedMs, seq });
  }

  #given(event: TraceEvent, to: Participant, client: SeenClient): void {
    const isOld = event.info?.event === "messages";
    for (const key of event.messageIds ?? []) {
      const trail = this.#trailOf(key);
      if (isLost(event)) {
        trail.failed.set(to, event);
        continue;
      }
      const { room, id } = partsOf(key);
      const isBehind = id < client.top && this.#isOutOfOrder(key, room, client.top);
      const delivery = { atMs: event.doneAt, seq: event.seq, isOld, isBehind };
      const known = trail.deliveries.get(to);
      if (known) known.push(delivery);
      else trail.deliveries.set(to, [delivery]);
      client.top = Math.max(client.top, id);
    }
  }

  #isOutOfOrder(key: MessageKey, room: string, top: number): boolean {
    if (this.#pattern === "long-polling") return true;
    const above = this.#accepted.get(messageKey(this.#pattern, room, top));
    return (above?.acceptedMs ?? 0) - this.acceptance(key).acceptedMs > JUDGING.swapMs;
  }

  #closed(participant: Participant, { info }: TraceEvent): void {
    const client = this.#clients.get(participant);
    if (client === undefined) return;
    client.connectedMs = undefined;
    client.left = info?.closedBy === "client";
  }

  #seen(participant: Participant, atMs: number, replica: Participant): SeenClient {
    let client = this.#clients.get(participant);
    if (client === undefined) {
      client = {
        sinceMs: atMs,
        left: false,
        connectedMs: undefined,
        replica,
        room: DEFAULT_ROOM,
        top: 0,
        claimed: 0,
        claimedMs: 0,
      };
      if (!isStranger(participant)) this.#clients.set(participant, client);
    }
    client.left = false;
    client.replica = replica;
    return client;
  }

  #trailOf(key: MessageKey): Trail {
    let trail = this.#trails.get(key);
    if (trail === undefined) {
      trail = { pushes: new Map(), deliveries: new Map(), failed: new Map() };
      this.#trails.set(key, trail);
    }
    return trail;
  }
}

function partsOf(key: MessageKey): { room: string; id: number } {
  const [, room = "", id = "0"] = key.split("/");
  return { room, id: Number(id) };
}

const NUMBERS = new Intl.Collator("en", { numeric: true });

function byNumber(one: string, other: string): number {
  return NUMBERS.compare(one, other);
}
