/**
 * The load balancer of one pattern, which is also the tap of the client link: an HTTP/1.1 and
 * WebSocket reverse proxy that scans heads and counts bytes, forwards them untouched, chooses a
 * replica for each request, and tells the recorder what crossed.
 *
 *   client ─► client connection ─► exchange ─► upstream connection ─► replica
 *                    └───────────── tunnel (after a 101) ─────────────────┘
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Clock, Timer } from "../../../shared/clock.ts";
import type { ReplicaId } from "../../../shared/contracts/ids.ts";
import type { Metrics } from "../../../shared/contracts/metrics.ts";
import type { BalancerConfig } from "../contract.ts";
import type { Recorder } from "../hop.ts";
import { createByteBudget } from "../tap/byte-budget.ts";
import { BytesMemo } from "../tap/decoders/bytes-memo.ts";
import { EngineIoDecoder } from "../tap/decoders/engine-io-decoder.ts";
import { ResponseDecoder } from "../tap/decoders/http-decoder.ts";
import { StrangerHttp } from "../tap/decoders/stranger-http.ts";
import { type Cutting, type Gate, OPEN_GATE } from "../tap/gate.ts";
import { Access } from "./access.ts";
import type { BalancerContext } from "./balancer-context.ts";
import { ClientConnection } from "./client-connection.ts";
import { OUR_HEADS, STRANGERS_HEADS } from "./http-head.ts";
import { encodeAnswer, NO_UPGRADES, type OwnAnswer } from "./own-answer.ts";
import { addressOf, tellRefusal } from "./refused.ts";
import { Seats } from "./seats.ts";
import { createTraceparents } from "./traceparent.ts";
import { Upstreams } from "./upstreams.ts";
import { wallClock } from "./wall-clock.ts";

export interface BalancerOptions {
  config: BalancerConfig;
  /** `Host` headers that are known, with port, and origins besides any localhost one. */
  hosts: readonly string[];
  origins: readonly string[];
  recorder: Recorder;
  /** Asked at hop boundaries; open when absent. */
  gate?: Gate;
  /** Protocol time, which replicas' answers are waited for in; the recorder's when absent. */
  protocolNow?: () => number;
  /** Wakes the balancer to look for what has waited too long (by the recorder's time). */
  clock?: Clock;
  traceparents?: () => string;
  /** Connections from clients, in all. */
  maxClients?: number;
  /** Shared with other balancers. */
  seats?: Seats;
  log?(words: string): void;
}

const SWEEP_MS = 1_000;
const MAX_CLIENTS = 40_000;
const MAX_TURNED_AWAY = 1_000;
const TOO_MANY: OwnAnswer = {
  status: 503,
  code: "too-many-clients",
  message: "The balancer has as many connections as it can serve. Try again in a while.",
};

/** While files are short, few may linger to read why they are sent away. */
const MAX_TURNED_AWAY_SHORT_OF_FILES = 50;
const tooFewFiles = ({ openFiles }: Seats): OwnAnswer => ({
  status: 503,
  code: "too-many-clients",
  message: `The system allows the wire ${openFiles} open files (ulimit -n), too few for more clients. Raise that and start again.`,
});

export class Balancer {
  readonly #context: BalancerContext;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #clients = new Set<ClientConnection>();
  readonly #maxClients: number;
  readonly #seats: Seats;
  /** Connections too many: they are told so, and go with the next sweep. */
  readonly #turnedAway = new Set<Socket>();
  #sweep: Timer | undefined;

  constructor({ config, hosts, origins, recorder, ...options }: BalancerOptions) {
    let conns = 0;
    const { pattern } = config;
    this.#clock = options.clock ?? wallClock;
    this.#context = {
      pattern,
      name: `balancer:${pattern}`,
      recorder,
      protocolNow: options.protocolNow ?? (() => recorder.now()),
      upstreams: new Upstreams(config, {
        gate: options.gate ?? OPEN_GATE,
        heads: new BytesMemo(),
        headLimits: config.stranger ? STRANGERS_HEADS : OUR_HEADS,
        now: () => recorder.now(),
      }),
      access: new Access(hosts, origins),
      refusesUpgrades: config.upgrades === "refused",
      stranger: config.stranger ? new StrangerHttp(config.looksLike) : undefined,
      gate: options.gate ?? OPEN_GATE,
      budget: createByteBudget(),
      responses: new ResponseDecoder(pattern),
      engineIo: new EngineIoDecoder(pattern),
      traceparents: options.traceparents ?? createTraceparents(),
      nextConn: () => `${pattern}#${++conns}`,
    };
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    );
    // The system may run out of sockets before we do.
    this.#server.on("error", (error) => options.log?.(`${pattern} balancer: ${error.message}`));
    this.#maxClients = options.maxClients ?? MAX_CLIENTS;
    this.#seats = options.seats ?? new Seats(undefined);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** Rejects when the port is taken. */
  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, backlog: 4_096 }, () => {
        this.#server.off("error", reject);
        this.#armSweep();
        resolve();
      });
    });
  }

  /** Takes effect with the next request; nothing open is dropped, but for what hangs on a replica that is out. */
  async configure(
    config: BalancerConfig,
    hosts: readonly string[],
    origins: readonly string[],
  ): Promise<void> {
    this.#context.access = new Access(hosts, origins);
    this.#context.refusesUpgrades = config.upgrades === "refused";
    if (this.#context.refusesUpgrades) {
      for (const client of this.#clients) client.endTunnel(NO_UPGRADES.message);
    }
    for (const place of this.#context.upstreams.configure(config)) {
      place.cutAll(`replica ${place.replica} was taken out`);
    }
  }

  /** Ends client connections and connections to replicas that are hit. */
  cut(cutting: Cutting): void {
    for (const client of this.#clients) client.cutIfHit(cutting);
    this.#context.upstreams.cut(cutting);
  }

  /** Parked polls and open sockets, by replica. */
  held(): Record<ReplicaId, number> {
    return this.#context.upstreams.held();
  }

  /** Everything here that can grow, and how far it may. */
  limits(): Metrics["limits"] {
    const { budget, upstreams } = this.#context;
    return {
      "client connections": { used: this.#clients.size, limit: this.#maxClients },
      "bytes kept to be read": {
        used: budget.limitBytes - budget.leftBytes,
        limit: budget.limitBytes,
      },
      ...upstreams.limits(),
    };
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    this.#sweep?.cancel();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#context.upstreams.close();
    for (const client of this.#clients) client.socket.destroy();
    this.#dropTurnedAway();
    await closed;
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= this.#maxClients) {
      this.#turnAway(socket, TOO_MANY, MAX_TURNED_AWAY);
      return;
    }
    if (!this.#seats.hasRoom) {
      this.#turnAway(socket, tooFewFiles(this.#seats), MAX_TURNED_AWAY_SHORT_OF_FILES);
      return;
    }
    this.#seats.taken += 1;
    this.#clients.add(
      new ClientConnection(socket, this.#context, (client) => {
        if (this.#clients.delete(client)) this.#seats.taken -= 1;
      }),
    );
  }

  /** With a reason, which it has until the next sweep to read. */
  #turnAway(socket: Socket, answer: OwnAnswer, most: number): void {
    socket.on("error", () => undefined); // it is on its way out
    if (this.#turnedAway.size >= most) {
      socket.destroy();
      return;
    }
    const atMs = this.#context.recorder.now();
    const bytes = encodeAnswer(answer, { closes: true });
    socket.end(bytes);
    socket.resume();
    this.#turnedAway.add(socket);
    socket.on("close", () => this.#turnedAway.delete(socket));
    const refused = { atMs, answer, reason: "too many clients", bytes: bytes.length };
    tellRefusal(this.#context, `client:${addressOf(socket)}`, refused);
  }

  #dropTurnedAway(): void {
    for (const socket of this.#turnedAway) socket.destroy();
  }

  #armSweep(): void {
    this.#sweep = this.#clock.after(SWEEP_MS, () => {
      const nowMs = this.#context.recorder.now();
      this.#dropTurnedAway();
      for (const client of this.#clients) client.sweep(nowMs);
      this.#context.upstreams.sweep(nowMs);
      this.#armSweep();
    });
  }
}

/** Resolves once it listens; rejects when the port is taken. */
export async function createBalancer(options: BalancerOptions): Promise<Balancer> {
  const balancer = new Balancer(options);
  await balancer.listen(options.config.host, options.config.port);
  return balancer;
}
