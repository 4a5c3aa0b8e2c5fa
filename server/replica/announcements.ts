/**
 * Says again what nobody may have heard. Between storing a message and publishing it much can
 * happen, and the broker forgets; then a message lies in the store while clients wait for it:
 *
 *   this replica died there, or owed a publish when it died   it says so when it starts anew
 *   the store's answer was lost                               it looks what became of the message
 *
 * To announce is to publish a room's newest message, once more perhaps. Whoever has it takes it for
 * known; whoever lacks it, or one before it, sees a gap and reads the store (rooms.ts). So it is
 * enough to know *that* something may be unheard, never what.
 */
import type { Clock } from "../../shared/clock.ts";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import { pause } from "./deadlines.ts";

export interface AnnouncementsOptions {
  store: {
    newest(room: string, limit: number): Promise<ChatMessage[]>;
    newestOfMine(): Promise<ChatMessage[]>;
  };
  clock: Clock;
  publish: (message: ChatMessage) => Promise<unknown>;
}

const TRY_AGAIN_AFTER_MS = 1_000;
/** The store gives a statement up after 5 s, so by then it has happened, or never will. */
const DECIDED_AFTER_MS = 6_000;

export class Announcements {
  readonly #options: AnnouncementsOptions;
  readonly #inDoubt = new Set<string>();
  #isSettling = false;
  #isClosed = false;

  constructor(options: AnnouncementsOptions) {
    this.#options = options;
  }

  /** What a replica of this name took lately and that was not followed by another message. */
  async announceMine(): Promise<void> {
    await this.#announce(() => this.#options.store.newestOfMine());
  }

  /** Nobody knows whether a message was stored in this room. */
  doubt(room: string): void {
    this.#inDoubt.add(room);
    if (!this.#isSettling) void this.#settle();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Looks as soon as the store answers, and again when whatever was on its way is decided. */
  async #settle(): Promise<void> {
    this.#isSettling = true;
    while (this.#inDoubt.size > 0 && !this.#isClosed) {
      const rooms = [...this.#inDoubt];
      this.#inDoubt.clear();
      await this.#announceNewest(rooms);
      await pause(this.#options.clock, DECIDED_AFTER_MS);
      await this.#announceNewest(rooms);
    }
    this.#isSettling = false;
  }

  async #announceNewest(rooms: string[]): Promise<void> {
    for (const room of rooms) await this.#announce(() => this.#options.store.newest(room, 1));
  }

  /** However long the store is away. */
  async #announce(read: () => Promise<ChatMessage[]>): Promise<void> {
    while (!this.#isClosed) {
      try {
        for (const message of await read()) await this.#options.publish(message);
        return;
      } catch (error) {
        console.error("what nobody may have heard cannot be announced yet:", String(error));
        await pause(this.#options.clock, TRY_AGAIN_AFTER_MS);
      }
    }
  }
}
