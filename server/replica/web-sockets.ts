/**
 * WebSockets (Socket.IO) with the Redis adapter.
 *
 *   connect ?room=lobby      the socket joins the room, gets `messages` (history, or what came
 *                            after `auth.after`), and from then on each new `message`
 *   POST, or `send-message`  store, then emit to the room; the adapter publishes to all replicas
 *
 * Every message once, although the broker forgets and replicas publish independently: a room's log
 * (rooms.ts) says up to which id this replica's clients have everything. A broadcast passes if it
 * is the next one. After a gap the store is read, and what was missing is emitted here only.
 */
import type { Server as HttpServer } from "node:http";
import { type DefaultEventsMap, Server, type Socket } from "socket.io";
import type { Clock } from "../../shared/clock.ts";
import {
  type ChatMessage,
  type ErrorBody,
  MAX_BATCH,
  MAX_BODY_BYTES,
} from "../../shared/contracts/chat-message.ts";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import type {
  ClientToServerEvents,
  ServerToClientEvents,
} from "../../shared/contracts/socket-io.ts";
import type { RoomLog } from "../../shared/patterns/room-log.ts";
import type { Broker } from "./broker.ts";
import { pause } from "./deadlines.ts";
import { doors, readHandshake, toConnectError } from "./handshake.ts";
import type { IsAllowedOrigin } from "./http-answers.ts";
import type { Draft, MessageStore } from "./message-store.ts";
import { readText } from "./messages-api.ts";
import type { RealtimePattern } from "./realtime-pattern.ts";
import { publishBroadcast, redisAdapter } from "./redis-adapter.ts";
import { Refusal, refusals } from "./refusal.ts";
import { Rooms } from "./rooms.ts";
import { startTraceparent } from "./trace-context.ts";

interface Member {
  room: string;
  log: RoomLog;
  history: ChatMessage[];
  /** The id up to which `history` goes. */
  upTo: number;
}
type Io = Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Member>;
type MemberSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Member>;

export interface WebSocketsOptions {
  http: HttpServer;
  store: MessageStore;
  broker: Broker;
  clock: Clock;
  random: () => number;
  settings: ReplicaSettings;
  isAllowedOrigin: IsAllowedOrigin;
}

export class WebSockets implements RealtimePattern {
  readonly #options: WebSocketsOptions;
  readonly #io: Io;
  readonly #rooms: Rooms;
  #isDraining = false;

  constructor(options: WebSocketsOptions) {
    const { http, store, broker, clock, settings } = options;
    this.#options = options;
    this.#io = new Server(http, {
      adapter: redisAdapter(broker, (message) => this.#rooms.hear(message) === "next"),
      ...doors(options.isAllowedOrigin, () => this.#isDraining),
      pingInterval: settings.pingIntervalMs,
      pingTimeout: settings.pingTimeoutMs,
      maxHttpBufferSize: MAX_BODY_BYTES,
      httpCompression: false,
      serveClient: false,
    });
    const { adapter } = this.#io.of("/");
    this.#rooms = new Rooms({
      store,
      clock,
      isSubscribed: () => broker.subscribed,
      isUsed: (room) => adapter.rooms.has(room),
      onNews: (room, _log, missed) => {
        for (const message of missed) this.#io.local.to(room).emit("message", message);
      },
    });
    broker.on("subscribed", () => this.#rooms.resubscribed());

    this.#io.use((socket, next) => {
      this.#enter(socket).then(
        () => next(),
        (error) => next(toConnectError(error)),
      );
    });
    this.#io.on("connection", (socket) => this.#welcome(socket));
  }

  async send(draft: Draft): Promise<ChatMessage> {
    const message = await this.#options.store.append(draft);
    if (this.#rooms.hear(message) === "next") this.#io.to(draft.room).emit("message", message);
    // Out of turn: our own clients get it with what is missing before it, or have it already.
    else void this.publish(message);
    return message;
  }

  publish(message: ChatMessage): Promise<boolean> {
    return publishBroadcast(this.#options.broker, message);
  }

  /**
   * Before the socket is connected: it joins its room, then reads. In this order, because the
   * adapter shows us broadcasts only to rooms that somebody here has joined.
   */
  async #enter(socket: MemberSocket): Promise<void> {
    const { room, after, wantsHistory } = readHandshake(socket.handshake);
    await socket.join(room);
    const log = await this.#rooms.catchUp(room);
    if (after !== undefined && after > log.last) throw refusals.cursorAhead(after, log.last);
    const history = wantsHistory ? await this.#read(room, after, log) : [];
    const upTo = history.at(-1)?.id ?? (wantsHistory ? (after ?? 0) : log.last);
    socket.data = { room, log, history, upTo };
  }

  /** From here on, in this very turn, broadcasts reach the socket: all before them must be sent now. */
  #welcome(socket: MemberSocket): void {
    const { room, log, history, upTo } = socket.data;
    socket.leave(socket.id); // Nobody is addressed alone; and a room could have this name.
    // What the store had already and the room is yet to hear of comes when the room hears of it.
    const known = history.filter((message) => message.id <= log.last);
    socket.emit("messages", known);
    this.#sendRest(socket, upTo).catch((error: unknown) => {
      console.error("the rest of a history could not be read:", String(error));
      socket.conn.close(); // It comes back with its cursor.
    });
    socket.on("send-message", (body, acknowledge) => {
      void this.#sendFor(room, body).then(acknowledge);
    });
  }

  /** What came while its history was read, or did not fit in it. */
  async #sendRest(socket: MemberSocket, from: number): Promise<void> {
    const { room, log } = socket.data;
    const upTo = log.last;
    let sent = from;
    while (sent < upTo && socket.connected) {
      const page = log.after(sent) ?? (await this.#options.store.after(room, sent));
      for (const message of page) if (message.id <= upTo) socket.emit("message", message);
      sent = page.at(-1)?.id ?? upTo;
      await written(socket);
    }
  }

  async #read(room: string, after: number | undefined, log: RoomLog): Promise<ChatMessage[]> {
    const { store } = this.#options;
    if (after === undefined) return log.newest(MAX_BATCH) ?? (await store.newest(room));
    return log.after(after)?.slice(0, MAX_BATCH) ?? (await store.after(room, after));
  }

  async #sendFor(room: string, body: { text: string }): Promise<ChatMessage | ErrorBody> {
    try {
      if (this.#isDraining) throw refusals.draining();
      const traceparent = startTraceparent();
      return await this.send({ room, text: readText(body?.text), traceparent });
    } catch (error) {
      return Refusal.from(error).toBody();
    }
  }

  get held(): number {
    return this.#io.of("/").sockets.size;
  }

  apply({ pingIntervalMs, pingTimeoutMs }: ReplicaSettings): void {
    const { opts } = this.#io.engine;
    opts.pingInterval = pingIntervalMs;
    opts.pingTimeout = pingTimeoutMs;
  }

  /** Each socket is asked to come back after a wait of its own: all at once would be a stampede. */
  async drain(deadlineMs: number): Promise<void> {
    this.#isDraining = true;
    const { clock, random } = this.#options;
    const leave = async (socket: MemberSocket) => {
      const afterMs = Math.round(random() * deadlineMs * 0.8);
      socket.emit("reconnect-soon", { afterMs });
      await pause(clock, afterMs + deadlineMs * 0.1);
      socket.conn.close();
    };
    await Promise.all([...this.#io.of("/").sockets.values()].map(leave));
  }
}

/** Resolves when the socket can take more, or is closed: nobody's history piles up here. */
async function written({ conn }: MemberSocket): Promise<void> {
  if (conn.transport.writable || conn.readyState !== "open") return;
  await new Promise<void>((resolve) => {
    conn.once("drain", () => resolve());
    conn.once("close", () => resolve());
  });
}
