/**
 * A long-polling client of `node:http` and nothing else, which keeps count of what it was given and
 * when: what it says is compared with the figures, so it shares no code with them.
 */
import { Agent, get, request } from "node:http";
import { setTimeout } from "node:timers/promises";

interface Answer {
  status: number;
  body: string;
  /** `performance.now()` when the last byte was there. */
  atMs: number;
}

export class PlainPoller {
  readonly ids: number[] = [];
  /** When each message came, by id. */
  readonly receivedMs = new Map<number, number>();
  idleAnswers = 0;
  /** It was answered, and does not ask again yet. */
  isResting = false;
  readonly #address: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #leave = new AbortController();
  readonly #running: Promise<void>;

  readonly #gapMs: number;

  /** `gapMs`: how long it rests between an answer and its next poll. */
  constructor(url: string, query: Record<string, string>, gapMs = 0) {
    this.#address = `${url}/messages?${new URLSearchParams(query)}`;
    this.#gapMs = gapMs;
    this.#running = this.#run();
  }

  /** Leaves in the middle of its poll; fails if an answer was wrong. */
  async stop(): Promise<void> {
    this.#leave.abort();
    await this.#running;
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    const { signal } = this.#leave;
    while (!signal.aborted) {
      try {
        const { body, atMs } = await this.#poll();
        const { messages } = JSON.parse(body) as { messages: { id: number }[] };
        if (messages.length === 0) this.idleAnswers += 1;
        for (const { id } of messages) {
          this.ids.push(id);
          this.receivedMs.set(id, atMs);
        }
        if (this.#gapMs > 0) await this.#rest(signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  async #rest(signal: AbortSignal): Promise<void> {
    this.isResting = true;
    await setTimeout(this.#gapMs, undefined, { signal });
    this.isResting = false;
  }

  #poll(): Promise<Answer> {
    const url = `${this.#address}&after=${this.ids.at(-1) ?? 0}`;
    return new Promise((resolve, reject) => {
      get(url, { agent: this.#agent, signal: this.#leave.signal }, (response) => {
        gather(response).then(({ body, atMs }) => {
          resolve({ status: response.statusCode ?? 0, body, atMs });
        }, reject);
      }).on("error", reject);
    });
  }
}

/** Sends messages one after another over one connection. */
export class PlainSender {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, room: string) {
    this.#url = `${url}/messages?${new URLSearchParams({ room })}`;
  }

  /** `sentMs`: `performance.now()` when it was handed to the system. */
  send(text: string): Promise<{ id: number; sentMs: number }> {
    const headers = { "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const sending = request(this.#url, { method: "POST", agent: this.#agent, headers });
      const sentMs = performance.now();
      sending.on("error", reject);
      sending.on("response", (response) => {
        gather(response).then(({ body }) => {
          if (response.statusCode !== 201) reject(new Error(`${response.statusCode}: ${body}`));
          else resolve({ id: (JSON.parse(body) as { id: number }).id, sentMs });
        }, reject);
      });
      sending.end(JSON.stringify({ message: text }));
    });
  }

  /** The way to the balancer and back, ms: an unknown host is refused there, and goes no further. */
  knock(): Promise<number> {
    const sentMs = performance.now();
    return new Promise((resolve, reject) => {
      get(this.#url, { agent: this.#agent, headers: { host: "elsewhere" } }, (response) => {
        gather(response).then(({ atMs }) => resolve(atMs - sentMs), reject);
      }).on("error", reject);
    });
  }

  stop(): void {
    this.#agent.destroy();
  }
}

async function gather(stream: NodeJS.ReadableStream): Promise<{ body: string; atMs: number }> {
  let body = "";
  for await (const chunk of stream) body += chunk;
  return { body, atMs: performance.now() };
}
