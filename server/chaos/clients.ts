/**
 * Clients that share no code with the playground's own: a fetch loop and a plain socket.io-client,
 * each with the cursor that the contract asks for, noting all they are given.
 */
import { setTimeout as wait } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";

export interface Client {
  readonly name: string;
  readonly received: Received[];
  /** The highest id below which it has everything. */
  readonly cursor: number;
  /** What no correct server says. */
  readonly complaints: string[];
  stop(): Promise<void>;
}

export interface Received {
  id: number;
  text: string;
  /** Which of its connections brought it, counted from 1. */
  connection: number;
}

const GIVE_UP_MS = 8_000;
const RETRY_MS = 100;

export class PollingClient implements Client {
  readonly name: string;
  readonly received: Received[] = [];
  readonly complaints: string[] = [];
  readonly #url: string;
  readonly #leave = new AbortController();
  readonly #running: Promise<void>;

  constructor(url: string, name: string) {
    this.#url = url;
    this.name = name;
    this.#running = this.#run();
  }

  get cursor(): number {
    return this.received.at(-1)?.id ?? 0;
  }

  async stop(): Promise<void> {
    this.#leave.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#leave;
    while (!signal.aborted) {
      try {
        await this.#poll(AbortSignal.any([signal, AbortSignal.timeout(GIVE_UP_MS)]));
      } catch {
        // Whatever broke: a client asks again.
        if (!signal.aborted) await wait(RETRY_MS);
      }
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ after: `${this.cursor}`, client: this.name });
    const answer = await fetch(`${this.#url}/messages?${query}`, { signal });
    const body = (await answer.json()) as { messages: ChatMessage[] };
    if (answer.status === 409) this.complaints.push(`409: ${JSON.stringify(body)}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    for (const { id, text } of body.messages) this.received.push({ id, text, connection: 1 });
  }
}

export class SocketClient implements Client {
  readonly name: string;
  readonly received: Received[] = [];
  readonly complaints: string[] = [];
  readonly #socket: Socket;
  readonly #ids = new Set<number>();
  #connection = 0;
  #cursor = 0;

  constructor(url: string, name: string) {
    this.name = name;
    this.#socket = io(url, {
      query: { client: name },
      auth: (give) => give({ after: this.#cursor }),
      transports: ["websocket"],
      forceNew: true,
      reconnectionDelay: RETRY_MS,
      reconnectionDelayMax: 1_000,
      timeout: 5_000,
    });
    this.#socket.on("connect", () => {
      this.#connection += 1;
    });
    this.#socket.on("messages", (messages: ChatMessage[]) => messages.forEach(this.#take));
    this.#socket.on("message", this.#take);
    this.#socket.on("reconnect-soon", ({ afterMs }: { afterMs: number }) => {
      setTimeout(() => this.#socket.disconnect().connect(), afterMs).unref();
    });
    this.#socket.on("connect_error", (error: Error & { data?: unknown }) => {
      if (JSON.stringify(error.data ?? "").includes("cursor-ahead")) {
        this.complaints.push(`${error.message}: ${JSON.stringify(error.data)}`);
      }
      // A refusal by the server ends socket.io-client's own trying.
      if (!this.#socket.active) setTimeout(() => this.#socket.connect(), RETRY_MS).unref();
    });
    this.#socket.on("disconnect", (reason) => {
      if (reason === "io server disconnect") this.#socket.connect();
    });
  }

  get cursor(): number {
    return this.#cursor;
  }

  async stop(): Promise<void> {
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #take = ({ id, text }: ChatMessage): void => {
    this.received.push({ id, text, connection: this.#connection });
    this.#ids.add(id);
    while (this.#ids.has(this.#cursor + 1)) this.#cursor += 1;
  };
}
