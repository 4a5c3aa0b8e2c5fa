/**
 * What this replica knows of the rooms its clients are in: one log each, kept up to date by what
 * it hears from the broker, and by reading the message store where hearing is not enough:
 *
 *   a room not known yet, or not while the subscription was down     read the newest
 *   a gap between what is known and what was heard                   read what comes after
 *   the subscription is back                                         read what was published meanwhile
 *
 * Messages are stored before they are published. So a read that begins after a push came has
 * that push's message and all before it; nothing else here needs locks or clocks.
 */
import type { Clock } from "../../shared/clock.ts";
import { type ChatMessage, MAX_BATCH } from "../../shared/contracts/chat-message.ts";
import { type Heard, RoomLog } from "../../shared/patterns/room-log.ts";
import { pause } from "./deadlines.ts";

export interface RoomsOptions {
  store: {
    after(room: string, cursor: number): Promise<ChatMessage[]>;
    newest(room: string): Promise<ChatMessage[]>;
  };
  clock: Clock;
  /** Whether pushes arrive: only then can what is known be trusted to stay so. */
  isSubscribed: () => boolean;
  /** Whether clients of this replica wait in the room. */
  isUsed: (room: string) => boolean;
  /** Called when a read of the store brought something: `missed` by a room that was known before. */
  onNews: (room: string, log: RoomLog, missed: ChatMessage[]) => void;
}

interface Room {
  log: RoomLog | undefined;
  /** The read of the store that is under way, and the one that will follow it. */
  reading: Promise<RoomLog> | undefined;
  next: Promise<RoomLog> | undefined;
  /** Whether something is known to be missing, and whether somebody is after it. */
  isBehind: boolean;
  isInsisting: boolean;
}

/** Rooms beyond this, least recently used first, lose their messages, or are forgotten if unused. */
const MAX_ROOMS = 256;
const TRY_AGAIN_AFTER_MS = 1_000;

export class Rooms {
  readonly #options: RoomsOptions;
  /** Least recently used first. */
  readonly #rooms = new Map<string, Room>();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  /** The room's log, if it is as good as the store's word; `cursor` is an id known to exist. */
  current(name: string, cursor = 0): RoomLog | undefined {
    if (!this.#options.isSubscribed()) return undefined;
    const log = this.#rooms.get(name)?.log;
    return log && log.last >= cursor ? log : undefined;
  }

  /** What is known of the room, fresh or not. */
  log(name: string): RoomLog | undefined {
    return this.#rooms.get(name)?.log;
  }

  /** Takes in a message that was heard of. `gap`: it will come with what is missing before it. */
  hear(message: ChatMessage): Heard {
    const log = this.#rooms.get(message.room)?.log;
    const heard = log ? log.append(message) : "gap";
    if (heard === "gap") this.#missed(message.room);
    return heard;
  }

  /** The subscription is back; what was published in between has to be looked for. */
  resubscribed(): void {
    for (const [name, room] of [...this.#rooms]) {
      if (this.#isNeeded(name, room)) this.#missed(name);
      else this.#rooms.delete(name);
    }
  }

  forget(name: string): void {
    this.#rooms.delete(name);
  }

  /** The room's log after a read of the store that began after this call. */
  catchUp(name: string): Promise<RoomLog> {
    const room = this.#room(name);
    if (!room.reading) {
      room.reading = this.#read(name, room).finally(() => {
        room.reading = undefined;
      });
      return room.reading;
    }
    // A read that runs already may have begun too early: everybody who comes now shares the next.
    room.next ??= room.reading
      .catch(() => undefined)
      .then(() => {
        room.next = undefined;
        return this.catchUp(name);
      });
    return room.next;
  }

  async #read(name: string, room: Room): Promise<RoomLog> {
    const { store, onNews } = this.#options;
    if (!room.log) {
      const messages = await store.newest(name);
      room.log = new RoomLog();
      room.log.extend(messages);
      onNews(name, room.log, []);
      return room.log;
    }
    let page: ChatMessage[];
    do {
      page = await store.after(name, room.log.last);
      const fresh = room.log.extend(page);
      if (fresh.length > 0) onNews(name, room.log, fresh);
    } while (page.length === MAX_BATCH);
    return room.log;
  }

  #missed(name: string): void {
    if (!this.#rooms.has(name) && !this.#options.isUsed(name)) return;
    const room = this.#room(name);
    room.isBehind = true;
    if (!room.isInsisting) void this.#insist(name, room);
  }

  /** Reads until nothing is missing, however long the store is away. */
  async #insist(name: string, room: Room): Promise<void> {
    room.isInsisting = true;
    const isKept = () => this.#rooms.get(name) === room && this.#isNeeded(name, room);
    while (room.isBehind && isKept()) {
      room.isBehind = false;
      try {
        await this.catchUp(name);
      } catch (error) {
        console.error(`room ${name} cannot catch up yet:`, String(error));
        room.isBehind = true;
        await pause(this.#options.clock, TRY_AGAIN_AFTER_MS);
      }
    }
    room.isInsisting = false;
    if (room.isBehind && this.#rooms.get(name) === room) this.#rooms.delete(name);
  }

  #isNeeded(name: string, room: Room): boolean {
    return room.reading !== undefined || this.#options.isUsed(name);
  }

  #room(name: string): Room {
    const room = this.#rooms.get(name) ?? {
      log: undefined,
      reading: undefined,
      next: undefined,
      isBehind: false,
      isInsisting: false,
    };
    this.#rooms.delete(name);
    this.#rooms.set(name, room);
    this.#shed();
    return room;
  }

  #shed(): void {
    let surplus = this.#rooms.size - MAX_ROOMS;
    for (const [name, room] of this.#rooms) {
      if (surplus-- <= 0) return;
      if (this.#isNeeded(name, room)) room.log?.forgetMessages();
      else this.#rooms.delete(name);
    }
  }
}
