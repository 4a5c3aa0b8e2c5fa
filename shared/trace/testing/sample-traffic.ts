/**
 * Made-up trace events for looking at the stage without a cluster, and for tests: both patterns,
 * clients that poll and sockets that stay, messages on demand. Not shipped. It imitates only what
 * taps report; times are its caller's.
 */
import { messageKey, PATTERN_PREFIX, type Participant, type Pattern } from "../../contracts/ids.ts";
import type { TraceEvent } from "../event.ts";

type Draft = Omit<TraceEvent, "seq" | "at" | "doneAt" | "bytes"> & { bytes?: number };

interface Parked {
  seq: number;
  replica: Participant;
}

const HOP_MS = 0.31;

export interface TrafficOptions {
  /** How long a hop takes: less, where more than 3,000 events a second are made up. */
  hopMs?: number;
}

export class SampleTraffic {
  readonly events: TraceEvent[] = [];
  nowMs: number;
  #seq = 0;
  #ids: Record<Pattern, number> = { "long-polling": 40, "web-sockets": 40 };
  readonly #parked = new Map<Participant, Parked>();
  readonly #sockets = new Map<Participant, Participant>();
  readonly #replicas: Record<Pattern, readonly Participant[]>;
  readonly #hopMs: number;
  #turn = 0;

  constructor(nowMs = 1_000, replicas = 2, { hopMs = HOP_MS }: TrafficOptions = {}) {
    this.nowMs = nowMs;
    this.#hopMs = hopMs;
    const named = (pattern: Pattern) =>
      Array.from({ length: replicas }, (_, index): Participant => {
        return `replica:${PATTERN_PREFIX[pattern]}-${index + 1}`;
      });
    this.#replicas = { "long-polling": named("long-polling"), "web-sockets": named("web-sockets") };
  }

  /** How many were made since the beginning. */
  get made(): number {
    return this.#seq;
  }

  /** What was made since the last time. */
  take(): TraceEvent[] {
    return this.events.splice(0);
  }

  add(draft: Draft): number {
    this.#seq += 1;
    this.nowMs += this.#hopMs;
    const event = {
      bytes: 240,
      ...draft,
      seq: this.#seq,
      at: this.nowMs - 0.05,
      doneAt: this.nowMs,
    };
    this.events.push(event);
    return this.#seq;
  }

  setUp(): void {
    for (const pattern of ["long-polling", "web-sockets"] as const) {
      const labels =
        pattern === "long-polling"
          ? ["HELLO 3", "PSUBSCRIBE messages:*"]
          : ["HELLO 3", "PSUBSCRIBE socket.io#/#*", "SUBSCRIBE socket.io-request#/#"];
      for (const from of this.#replicas[pattern]) {
        for (const label of labels) {
          const command = label.split(" ")[0] ?? "";
          const info = { command, setup: true };
          this.add({ kind: "redis.command", pattern, from, to: "broker", label, info });
        }
      }
    }
  }

  poll(name: string): void {
    const client: Participant = `client:${name}`;
    const replica = this.#next("long-polling");
    const after = this.#ids["long-polling"];
    const seq = this.add({
      kind: "http.request",
      pattern: "long-polling",
      from: client,
      to: replica,
      label: `GET after=${after}`,
      info: { method: "GET", path: `/messages?after=${after}`, poll: true, after, room: "lobby" },
    });
    this.#parked.set(client, { seq, replica });
  }

  connect(name: string): void {
    const client: Participant = `client:${name}`;
    const replica = this.#next("web-sockets");
    const way = { pattern: "web-sockets", conn: name } as const;
    this.#sockets.set(client, replica);
    this.add({ kind: "socket.open", from: client, to: replica, label: "CONNECT 101", ...way });
    this.#packet(replica, client, "messages [1–40]", ["web-sockets/lobby/40"]);
  }

  expire(name: string): void {
    const client: Participant = `client:${name}`;
    const parked = this.#parked.get(client);
    if (parked === undefined) return;
    this.#parked.delete(client);
    this.add({
      kind: "http.response",
      pattern: "long-polling",
      from: parked.replica,
      to: client,
      label: "200 [ ] idle",
      outcome: "idle",
      causes: [parked.seq],
      info: { status: 200, poll: true },
    });
  }

  heartbeat(name: string): void {
    const client: Participant = `client:${name}`;
    const replica = this.#sockets.get(client);
    if (replica === undefined) return;
    const info = { transport: "websocket", heartbeat: true } as const;
    const pattern = "web-sockets";
    this.add({ kind: "packet", pattern, from: replica, to: client, label: "ping", info });
    this.add({ kind: "packet", pattern, from: client, to: replica, label: "pong", info });
  }

  send(pattern: Pattern, name: string, text: string): void {
    const id = this.#ids[pattern] + 1;
    this.#ids[pattern] = id;
    const client: Participant = `client:${name}`;
    const replica = this.#next(pattern);
    const traceId = `${PATTERN_PREFIX[pattern]}${id}`.padEnd(32, "0");
    const of = { pattern, traceId, messageIds: [messageKey(pattern, "lobby", id)] };
    const post = this.add({
      kind: "http.request",
      from: client,
      to: replica,
      label: `POST “${text}”`,
      info: { method: "POST", path: "/messages", text },
      pattern,
      traceId,
    });
    const label = `INSERT “${text}”`;
    const insert = this.add({
      kind: "sql.statement",
      from: replica,
      to: "store",
      label,
      causes: [post],
      ...of,
    });
    this.add({
      kind: "sql.result",
      from: "store",
      to: replica,
      label: `id ${id}`,
      causes: [insert],
      ...of,
    });
    const channel = pattern === "long-polling" ? "messages:lobby" : "socket.io#/#lobby#";
    const publish = this.add({
      kind: "redis.command",
      from: replica,
      to: "broker",
      label: `PUBLISH ${channel}`,
      info: { command: "PUBLISH", channel },
      causes: [insert],
      ...of,
    });
    this.add({
      kind: "redis.reply",
      from: "broker",
      to: replica,
      label: "2 receivers",
      causes: [publish],
      pattern,
    });
    this.add({
      kind: "http.response",
      from: replica,
      to: client,
      label: `201 id ${id}`,
      outcome: "created",
      causes: [post],
      info: { status: 201 },
      ...of,
    });
    for (const each of this.#replicas[pattern]) {
      const push = this.add({
        kind: "redis.push",
        from: "broker",
        to: each,
        label: `push ${id}`,
        causes: [publish],
        ...of,
      });
      if (pattern === "long-polling") this.#release(each, id, push, of);
      else this.#broadcast(each, id);
    }
    if (pattern === "long-polling") for (const who of this.#waiting) this.poll(who);
    this.#waiting = [];
  }

  #waiting: string[] = [];

  #release(
    replica: Participant,
    id: number,
    push: number,
    of: Partial<Draft> & { traceId: string },
  ): void {
    for (const [client, parked] of this.#parked) {
      if (parked.replica !== replica) continue;
      this.#parked.delete(client);
      this.#waiting.push(client.slice("client:".length));
      this.add({
        kind: "http.response",
        pattern: "long-polling",
        from: replica,
        to: client,
        label: `200 [${id}]`,
        outcome: "messages",
        causes: [parked.seq, push],
        info: { status: 200, poll: true },
        ...of,
      });
    }
  }

  #broadcast(replica: Participant, id: number): void {
    for (const [client, at] of this.#sockets) {
      if (at === replica)
        this.#packet(replica, client, `message ${id}`, [`web-sockets/lobby/${id}`]);
    }
  }

  #packet(
    from: Participant,
    to: Participant,
    label: string,
    messageIds: TraceEvent["messageIds"],
  ): void {
    const number = /message (\d+)/.exec(label)?.[1];
    this.add({
      kind: "packet",
      pattern: "web-sockets",
      from,
      to,
      label,
      info: { packet: "event", event: label.split(" ")[0] ?? "", transport: "websocket" },
      ...(messageIds === undefined ? {} : { messageIds }),
      ...(number === undefined ? {} : { traceId: `ws${number}`.padEnd(32, "0") }),
    });
  }

  #next(pattern: Pattern): Participant {
    this.#turn += 1;
    const replicas = this.#replicas[pattern];
    return replicas[this.#turn % replicas.length] ?? `replica:${PATTERN_PREFIX[pattern]}-1`;
  }
}
