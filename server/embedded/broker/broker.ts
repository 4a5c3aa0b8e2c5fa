/**
 * The embedded broker: Redis Pub/Sub on `node:net`, for machines that have no Redis.
 *
 * Stands where Redis would: replicas (through the broker tap) are its clients and need not know
 * the difference; `docs/spec/broker.md` says what it promises. It keeps nothing: there are no keys,
 * no persistence, no replication.
 */
import { createServer, type Server, type Socket } from "node:net";
import { parseRequest, RespError, RespFramer } from "../../protocols/resp.ts";
import type { CommandContext } from "./command.ts";
import { COMMANDS } from "./commands/table.ts";
import { dispatch } from "./dispatch.ts";
import { BROKER_LIMITS, type BrokerLimits } from "./limits.ts";
import { bulk, encode, error, type Protocol, push } from "./resp-encode.ts";
import { Session } from "./session.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface BrokerOptions {
  password?: string;
  limits?: Partial<BrokerLimits>;
  /** Milliseconds of any clock that does not go backwards. */
  now(): number;
  log(text: string): void;
}

export class Broker {
  readonly #options: BrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #server: Server;
  readonly #sessions = new Map<number, Session>();
  readonly #subscriptions = new Subscriptions<Session>();
  readonly #startedMs: number;
  #lastId = 0;
  #commandsProcessed = 0;
  #pendingBytes = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#limits = { ...BROKER_LIMITS, ...options.limits };
    this.#startedMs = options.now();
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** Resolves to the port; rejects when it is taken. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        this.#server.on("error", (problem) => this.#options.log(`listening: ${problem.message}`));
        resolve(this.#port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const session of this.#sessions.values()) session.destroy();
    });
  }

  get #port(): number {
    const address = this.#server.address();
    return address && typeof address === "object" ? address.port : 0;
  }

  #accept(socket: Socket): void {
    socket.on("error", () => socket.destroy()); // a reset: the "close" that follows cleans up
    if (this.#sessions.size >= this.#limits.maxClients) {
      socket.write(encode(error("ERR max number of clients reached"), 2));
      socket.destroySoon();
      return;
    }
    const session = new Session({
      id: ++this.#lastId,
      socket,
      authenticated: this.#options.password === undefined,
      limits: this.#limits,
      now: this.#options.now,
      log: this.#options.log,
    });
    this.#sessions.set(session.id, session);
    socket.on("close", () => {
      this.#sessions.delete(session.id);
      this.#pendingBytes -= session.pendingBytes;
      session.pendingBytes = 0;
      this.#subscriptions.removeAll(session);
    });
    const { maxQueryBytes } = this.#limits;
    const framer = new RespFramer({
      role: "requests",
      maxKeptBytes: maxQueryBytes,
      maxBulkBytes: maxQueryBytes,
    });
    socket.on("data", (chunk) => this.#read(session, framer, chunk));
  }

  #read(session: Session, framer: RespFramer, chunk: Buffer): void {
    if (session.quitting) return;
    try {
      framer.push(chunk, (unit) => {
        if (session.quitting) return;
        if (unit.truncated) throw new RespError("Protocol error: too big request");
        this.#obey(session, parseRequest(unit.bytes));
      });
    } catch (problem) {
      if (!(problem instanceof RespError)) throw problem;
      if (session.quitting) return;
      session.reply(error(`ERR ${problem.message}`));
      session.end();
      return;
    }
    this.#keepPendingBounded(session, framer.pendingBytes);
  }

  /** Commands that are not whole are kept: a bounded amount of each client, and of all together. */
  #keepPendingBounded(session: Session, pendingBytes: number): void {
    const { maxQueryBytes, maxPendingBytes } = this.#limits;
    this.#pendingBytes += pendingBytes - session.pendingBytes;
    session.pendingBytes = pendingBytes;
    if (pendingBytes <= maxQueryBytes && this.#pendingBytes <= maxPendingBytes) return;
    this.#options.log(`client ${session.id} (${session.remote}) disconnected: a command too large`);
    session.destroy();
  }

  #obey(session: Session, words: Buffer[]): void {
    const [name] = words;
    if (!name) return;
    // A web page that posts to this port: Redis hangs up as well.
    if (/^(post|host:)$/i.test(name.toString("latin1"))) {
      this.#options.log(`client ${session.id} (${session.remote}) spoke HTTP; disconnected`);
      session.destroy();
      return;
    }
    this.#commandsProcessed++;
    session.during(() => {
      const reply = dispatch(COMMANDS, this.#context(session, words));
      if (reply) session.reply(reply);
    });
  }

  #context(session: Session, said: readonly Buffer[]): CommandContext {
    return {
      session,
      said,
      subscriptions: this.#subscriptions,
      sessions: this.#sessions,
      maxSubscriptions: this.#limits.maxSubscriptionsPerClient,
      maxNameBytes: this.#limits.maxNameBytes,
      nowMs: this.#options.now(),
      password: this.#options.password,
      publish: (channel, payload) => this.#publish(channel, payload),
      stats: () => ({
        port: this.#port,
        upSeconds: Math.floor((this.#options.now() - this.#startedMs) / 1000),
        connectionsReceived: this.#lastId,
        commandsProcessed: this.#commandsProcessed,
      }),
    };
  }

  /** To subscribers of the channel, then pattern by pattern, as Redis does. Counts receivers. */
  #publish(channel: string, payload: Buffer): number {
    const direct = [bulk("message"), bulk(channel), bulk(payload)];
    let receivers = send(this.#subscriptions.subscribersOf(channel), push(direct));
    for (const [pattern, sessions] of this.#subscriptions.matching(channel)) {
      const matched = [bulk("pmessage"), bulk(pattern), bulk(channel), bulk(payload)];
      receivers += send(sessions, push(matched));
    }
    return receivers;
  }
}

/** Encodes once for each protocol in use, however many receive it. */
function send(sessions: ReadonlySet<Session> | undefined, value: ReturnType<typeof push>): number {
  if (!sessions) return 0;
  const encoded: Partial<Record<Protocol, Buffer>> = {};
  for (const session of [...sessions]) {
    encoded[session.protocol] ??= encode(value, session.protocol);
    session.push(encoded[session.protocol] ?? Buffer.alloc(0));
  }
  return sessions.size;
}
