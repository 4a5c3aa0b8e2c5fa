/** A long-polling client of `fetch` and nothing else, which keeps count of what it was given. */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";

export class PlainPoller {
  readonly ids: number[] = [];
  idleAnswers = 0;
  readonly #address: string;
  readonly #leave = new AbortController();
  readonly #running: Promise<void>;

  constructor(url: string, query: Record<string, string>) {
    this.#address = `${url}/messages?${new URLSearchParams(query)}`;
    this.#running = this.#run();
  }

  /** Leaves in the middle of its poll; fails if an answer was wrong. */
  async stop(): Promise<void> {
    this.#leave.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#leave;
    while (!signal.aborted) {
      try {
        const answer = await fetch(`${this.#address}&after=${this.ids.at(-1) ?? 0}`, { signal });
        const { messages } = (await answer.json()) as { messages: ChatMessage[] };
        if (messages.length === 0) this.idleAnswers += 1;
        this.ids.push(...messages.map(({ id }) => id));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }
}
