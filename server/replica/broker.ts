/**
 * The message broker, as a replica uses it: Redis Pub/Sub over two connections, since one that
 * subscribes does nothing else. The broker keeps nothing, and this file never hides that:
 *
 *   subscribed   false from the moment the subscription is lost until Redis confirms it anew;
 *                what was published in between is gone, and `subscribed` listeners must look for it
 *   publish      says whether Redis took it; the newest payload of a channel that it did not take
 *                is published again once Redis is back, so that others learn they missed something
 *
 * It has the methods of an ioredis client that Socket.IO's adapter calls, and can be given to it.
 */
import { EventEmitter, once } from "node:events";
import { Redis, type RedisOptions } from "ioredis";
import type { Clock, Timer } from "../../shared/clock.ts";
import { within } from "./deadlines.ts";

export type Payload = string | Buffer;

export interface BrokerOptions {
  url: string;
  clock: Clock;
  /** The message id in a payload: of two that are owed, the newer one counts. */
  idOf: (payload: Payload) => number;
}

const ANSWER_WITHIN_MS = 5_000;
const CHECK_EVERY_MS = 10_000;
const MAX_OWED_CHANNELS = 10_000;

const CONNECTION = {
  connectTimeout: 3_000,
  keepAlive: 10_000,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 2_000),
  // We subscribe anew ourselves, to know when it is done.
  autoResubscribe: false,
} satisfies RedisOptions;

export class Broker extends EventEmitter<{
  subscribed: [];
  settled: [];
  error: [Error];
  pmessageBuffer: [pattern: string, channel: Buffer, payload: Buffer];
  messageBuffer: [channel: Buffer, payload: Buffer];
}> {
  readonly #clock: Clock;
  readonly #idOf: (payload: Payload) => number;
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #patterns = new Set<string>();
  readonly #channels = new Set<string>();
  readonly #owed = new Map<string, Payload>();
  #settling = 0;
  #subscription: "none" | "asked" | "confirmed" = "none";
  #nextCheck: Timer;
  #isClosed = false;

  constructor({ url, clock, idOf }: BrokerOptions) {
    super();
    this.#clock = clock;
    this.#idOf = idOf;
    this.#publisher = new Redis(url, {
      ...CONNECTION,
      // Fail at once rather than publish late: a late push says nothing that the store does not.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    });
    this.#subscriber = new Redis(url, { ...CONNECTION, maxRetriesPerRequest: 0 });
    this.#publisher.on("ready", () => void this.#publishOwed());
    this.#subscriber.on("ready", () => this.#subscribeAll());
    this.#subscriber.on("close", () => {
      this.#subscription = "none";
    });
    this.#subscriber.on("pmessageBuffer", (pattern: string, channel: Buffer, payload: Buffer) =>
      this.emit("pmessageBuffer", pattern, channel, payload),
    );
    this.#subscriber.on("messageBuffer", (channel: Buffer, payload: Buffer) =>
      this.emit("messageBuffer", channel, payload),
    );
    // ioredis tries again by itself; `isUp` tells whoever wants to know.
    for (const connection of [this.#publisher, this.#subscriber]) {
      connection.on("error", (error: Error) => console.error("broker:", error.message));
    }
    this.#nextCheck = clock.after(CHECK_EVERY_MS, () => this.#checkAll());
  }

  get subscribed(): boolean {
    return this.#subscription === "confirmed";
  }

  get isUp(): boolean {
    return this.subscribed && this.#publisher.status === "ready";
  }

  psubscribe(pattern: string): void {
    this.#patterns.add(pattern);
    if (this.#subscriber.status === "ready") void this.#subscribeAll();
  }

  subscribe(channels: string[]): void {
    for (const channel of channels) this.#channels.add(channel);
    if (this.#subscriber.status === "ready") void this.#subscribeAll();
  }

  punsubscribe(pattern: string): void {
    this.#patterns.delete(pattern);
  }

  unsubscribe(channels: string[]): void {
    for (const channel of channels) this.#channels.delete(channel);
  }

  /** Whether Redis took it. Never throws; what it did not take is owed. */
  async publish(channel: string, payload: Payload): Promise<boolean> {
    const late = () => new Error(`no answer within ${ANSWER_WITHIN_MS} ms`);
    try {
      const published = this.#publisher.publish(channel, payload);
      await within(this.#clock, ANSWER_WITHIN_MS, published, late);
      return true;
    } catch (error) {
      console.error(`publishing on ${channel} failed, and will be done later:`, String(error));
      this.#owe(channel, payload);
      // A connection that is silent is opened anew; a closed one is already on its way back.
      if (this.#publisher.status === "ready") this.#publisher.disconnect(true);
      return false;
    }
  }

  /** Resolves once Redis has taken everything that was published. */
  async settled(): Promise<void> {
    while (this.#owed.size > 0 || this.#settling > 0) await once(this, "settled");
  }

  close(): void {
    this.#isClosed = true;
    this.#nextCheck.cancel();
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  async #subscribeAll(): Promise<void> {
    this.#subscription = "asked";
    try {
      const [patterns, channels] = [[...this.#patterns], [...this.#channels]];
      if (patterns.length > 0) await this.#subscriber.psubscribe(...patterns);
      if (channels.length > 0) await this.#subscriber.subscribe(...channels);
    } catch (error) {
      console.error("subscribing failed:", String(error));
      if (this.#subscriber.status === "ready") this.#subscriber.disconnect(true);
      return;
    }
    if (this.#subscription !== "asked") return;
    this.#subscription = "confirmed";
    this.emit("subscribed");
  }

  /** A dead connection that nobody closed would look like a quiet room for ever. */
  async #checkAll(): Promise<void> {
    await Promise.all([this.#check(this.#publisher), this.#check(this.#subscriber)]);
    if (this.#isClosed) return;
    this.#nextCheck = this.#clock.after(CHECK_EVERY_MS, () => this.#checkAll());
  }

  async #check(connection: Redis): Promise<void> {
    const isConnected = () => connection.status === "connect" || connection.status === "ready";
    if (!isConnected()) return;
    const late = () => new Error(`no answer within ${ANSWER_WITHIN_MS} ms`);
    try {
      await within(this.#clock, ANSWER_WITHIN_MS, connection.ping(), late);
    } catch (error) {
      console.error("broker: a connection is silent:", String(error));
      if (isConnected()) connection.disconnect(true);
    }
  }

  #owe(channel: string, payload: Payload): void {
    const owed = this.#owed.get(channel);
    if (owed !== undefined && this.#idOf(owed) > this.#idOf(payload)) return;
    if (this.#owed.size >= MAX_OWED_CHANNELS && owed === undefined) return;
    this.#owed.set(channel, payload);
  }

  /** What fails again is owed again, and waits for the next connection. */
  async #publishOwed(): Promise<void> {
    const owed = [...this.#owed];
    this.#owed.clear();
    this.#settling++;
    await Promise.all(owed.map(([channel, payload]) => this.publish(channel, payload)));
    this.#settling--;
    if (this.#owed.size === 0 && this.#settling === 0) this.emit("settled");
  }
}
