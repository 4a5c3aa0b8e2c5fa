/** What goes on while things break: senders that note what they are told, and clients that stay. */
import { setTimeout as wait } from "node:timers/promises";
import type { Pattern } from "../../shared/contracts/ids.ts";
import { type Client, PollingClient, SocketClient } from "./clients.ts";
import { post, type Sent } from "./outcome.ts";

const SEND_EVERY_MS = 60;
/** Beyond so many without an answer, it waits: the playground is to be judged, not the sender. */
const MAX_UNDER_WAY = 40;

const CLIENTS: Record<Pattern, (url: string, name: string) => Client> = {
  "long-polling": (url, name) => new PollingClient(url, name),
  "web-sockets": (url, name) => new SocketClient(url, name),
};

/** One pattern's sender and clients, all in the room `lobby`. */
export class Traffic {
  readonly pattern: Pattern;
  readonly sent: Sent[] = [];
  readonly clients: readonly Client[];
  readonly #url: string;
  readonly #underWay = new Set<Promise<void>>();
  readonly #sending: Promise<void>;
  #isSending = true;

  constructor(pattern: Pattern, url: string, clients: number) {
    this.pattern = pattern;
    this.#url = url;
    this.clients = Array.from({ length: clients }, (_, at) =>
      CLIENTS[pattern](url, `chaos-${pattern}-${at + 1}`),
    );
    this.#sending = this.#send();
  }

  /** The highest id that a sender was told. */
  get acknowledged(): number {
    return Math.max(
      0,
      ...this.sent.map(({ outcome }) => (outcome.kind === "acknowledged" ? outcome.id : 0)),
    );
  }

  /** All clients have everything up to there. */
  haveAll(id: number): boolean {
    return this.clients.every(({ cursor }) => cursor >= id);
  }

  /** Resolves once every sender was answered, or has given up. */
  async stopSending(): Promise<void> {
    this.#isSending = false;
    await this.#sending;
    await Promise.all(this.#underWay);
  }

  /** One more message, after everything else; rejects when it is not taken. */
  async sendLast(): Promise<number> {
    const last = await post(this.#url, `${this.pattern}: the last one`);
    this.sent.push(last);
    if (last.outcome.kind !== "acknowledged") throw new Error(`Not taken: ${last.outcome.why}`);
    return last.outcome.id;
  }

  /** A client that was not there before, and reads everything. */
  newcomer(): Client {
    return CLIENTS[this.pattern](this.#url, `chaos-${this.pattern}-newcomer`);
  }

  async stop(): Promise<void> {
    await this.stopSending();
    await Promise.all(this.clients.map((client) => client.stop()));
  }

  async #send(): Promise<void> {
    for (let count = 1; this.#isSending; count++) {
      const one = post(this.#url, `${this.pattern} ${count}`).then((sent) => {
        this.sent.push(sent);
        this.#underWay.delete(one);
      });
      this.#underWay.add(one);
      await wait(SEND_EVERY_MS);
      if (this.#underWay.size >= MAX_UNDER_WAY) await Promise.race(this.#underWay);
    }
  }
}
