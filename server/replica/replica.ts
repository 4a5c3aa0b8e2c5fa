/**
 * One server process of one pattern, put together: the message store and the broker it shares with
 * the other replicas, the pattern itself, an HTTP port for clients and one for administration.
 *
 *   starting ──► ready ──► draining ──► gone
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import { type Clock, ProtocolClock } from "../../shared/clock.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { ReplicaLife, ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import { adminApi } from "./admin.ts";
import { Announcements } from "./announcements.ts";
import { Broker } from "./broker.ts";
import { pause } from "./deadlines.ts";
import { allowOrigins, shareWithOrigin } from "./http-answers.ts";
import { isPoll, LongPolling } from "./long-polling.ts";
import { MessageStore } from "./message-store.ts";
import { messagesApi } from "./messages-api.ts";
import { idInPublished } from "./published-message.ts";
import type { RealtimePattern } from "./realtime-pattern.ts";
import { idInBroadcast } from "./redis-adapter.ts";
import { WebSockets } from "./web-sockets.ts";

export interface ReplicaOptions {
  pattern: Pattern;
  id: string;
  host: string;
  port: number;
  adminPort: number;
  brokerUrl: string;
  storeUrl: string;
  /** Origins besides the local ones whose pages may be clients. */
  origins: string[];
  /** A poll too many is refused: each costs memory for as long as it waits. */
  mostParkedPolls: number;
  settings: ReplicaSettings;
  clock: Clock;
  random: () => number;
  /** Called when it has left because it was asked to on its admin port. */
  onGone: () => void;
}

/** A client keeps an idle connection for less long, so it never writes into one that we just closed. */
const KEEP_ALIVE_MS = 75_000;
const BODY_WITHIN_MS = 30_000;
const SUBSCRIBED_WITHIN_MS = 3_000;
const ANNOUNCED_WITHIN_MS = 1_000;
/** When another replica goes, its thousands of clients all come at once. */
const MOST_WAITING_TO_CONNECT = 4_096;
const STORE_CLOSED_WITHIN_MS = 500;

export class Replica {
  readonly #options: ReplicaOptions;
  readonly #clock: ProtocolClock;
  readonly #broker: Broker;
  readonly #store: MessageStore;
  readonly #announcements: Announcements;
  readonly #realtime: RealtimePattern;
  readonly #http: Server;
  readonly #admin: Server;
  #settings: ReplicaSettings;
  #life: ReplicaLife = "starting";
  #gone: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ReplicaOptions) {
    const { pattern, id, settings } = options;
    this.#options = options;
    this.#settings = settings;
    this.#clock = new ProtocolClock(options.clock, settings.clockRate);
    this.#broker = new Broker({
      url: options.brokerUrl,
      clock: this.#clock,
      idOf: pattern === "long-polling" ? idInPublished : idInBroadcast,
    });
    this.#store = new MessageStore({
      url: options.storeUrl,
      pattern,
      server: id,
      clock: this.#clock,
      onDoubt: (room) => this.#announcements.doubt(room),
    });
    this.#announcements = new Announcements({
      store: this.#store,
      clock: this.#clock,
      publish: (message) => this.#realtime.publish(message),
    });
    const served = pattern === "long-polling" ? this.#serveLongPolling() : this.#serveWebSockets();
    this.#http = served.http;
    this.#realtime = served.realtime;
    this.#http.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#http.headersTimeout = KEEP_ALIVE_MS + 5_000;
    this.#http.requestTimeout = BODY_WITHIN_MS;
    this.#admin = createServer(this.#administer());
  }

  /** Resolves once it listens, and hears what others publish (or has waited long enough for that). */
  async start(): Promise<{ port: number; adminPort: number }> {
    const { host } = this.#options;
    const [port, adminPort] = await Promise.all([
      listen(this.#http, this.#options.port, host),
      listen(this.#admin, this.#options.adminPort, "127.0.0.1"),
      this.#store.check(),
      this.#untilSubscribed(),
    ]);
    const announced = this.#announcements.announceMine();
    await Promise.race([announced, pause(this.#options.clock, ANNOUNCED_WITHIN_MS)]);
    if (this.#life === "starting") this.#life = "ready";
    return { port, adminPort };
  }

  /** Sends the clients away, finishes what was begun, and stops, by the deadline. */
  drain(deadlineMs: number): Promise<void> {
    this.#gone ??= this.#leave(deadlineMs);
    return this.#gone;
  }

  /** Stops at once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#life = "draining";
    this.#announcements.close();
    this.#broker.close();
    for (const server of [this.#http, this.#admin]) {
      server.close();
      server.closeAllConnections();
    }
    // A statement that hangs is not waited for.
    await Promise.race([this.#store.close(), pause(this.#options.clock, STORE_CLOSED_WITHIN_MS)]);
  }

  async #leave(deadlineMs: number): Promise<void> {
    this.#life = "draining";
    const { clock } = this.#options;
    const finished = this.#realtime
      .drain(deadlineMs)
      .then(() => closed(this.#http))
      // Others must hear of what was acknowledged here, if the broker comes back in time.
      .then(() => this.#broker.settled());
    await Promise.race([finished, pause(clock, deadlineMs)]);
    await this.stop();
  }

  #serveLongPolling(): { http: Server; realtime: RealtimePattern } {
    const { origins, id } = this.#options;
    const isAllowedOrigin = allowOrigins(origins);
    const polling = new LongPolling({
      store: this.#store,
      broker: this.#broker,
      clock: this.#clock,
      mostParked: this.#options.mostParkedPolls,
      settings: this.#settings,
    });
    const app = messagesApi({
      replica: id,
      send: (draft) => polling.send(draft),
      isDraining: () => this.#life === "draining",
      isAllowedOrigin,
    });
    const http = createServer((request, response) => {
      if (!isPoll(request)) return app(request, response);
      shareWithOrigin(request, response, isAllowedOrigin);
      return polling.poll(request, response);
    });
    return { http, realtime: polling };
  }

  #serveWebSockets(): { http: Server; realtime: RealtimePattern } {
    const { origins, id, random } = this.#options;
    const isAllowedOrigin = allowOrigins(origins);
    const app = messagesApi({
      replica: id,
      send: (draft) => sockets.send(draft),
      isDraining: () => this.#life === "draining",
      isAllowedOrigin,
    });
    const http = createServer(app);
    const sockets = new WebSockets({
      http,
      store: this.#store,
      broker: this.#broker,
      clock: this.#clock,
      random,
      settings: this.#settings,
      isAllowedOrigin,
    });
    return { http, realtime: sockets };
  }

  #administer(): Express {
    return adminApi({
      settings: () => this.#settings,
      apply: (settings) => {
        this.#settings = settings;
        this.#clock.setRate(settings.clockRate);
        this.#realtime.apply(settings);
      },
      stats: () => {
        if (!this.#store.isUp) void this.#store.check();
        return {
          id: this.#options.id,
          life: this.#life,
          held: this.#realtime.held,
          broker: this.#broker.isUp ? "up" : "down",
          store: this.#store.isUp ? "up" : "down",
        };
      },
      drain: (deadlineMs) => void this.drain(deadlineMs).then(this.#options.onGone),
    });
  }

  async #untilSubscribed(): Promise<void> {
    if (this.#broker.subscribed) return;
    const subscribed = once(this.#broker, "subscribed");
    await Promise.race([subscribed, pause(this.#options.clock, SUBSCRIBED_WITHIN_MS)]);
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const place = { port, host, backlog: MOST_WAITING_TO_CONNECT };
    server.listen(place, () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
