/**
 * Long polling with a message broker.
 *
 *   GET  /messages?after=41   newer messages at once; else the poll is parked until one comes
 *                             or the poll timeout passes, and is then answered with none
 *   POST /messages            store, then publish; the broker tells every replica, also this one,
 *                             and each releases the polls that are parked with it
 *
 * The broker forgets, so a push is only a hint: what a poll gets is decided by its cursor, and by
 * what comes after that cursor in the room. A message that lands between two polls is found by the next.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../shared/clock.ts";
import { ALL_ROOMS_PATTERN, roomChannel } from "../../shared/contracts/broker.ts";
import { type ChatMessage, MAX_BATCH } from "../../shared/contracts/chat-message.ts";
import { MESSAGES_PATH, type PollAnswer } from "../../shared/contracts/long-poll.ts";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import { ParkedPolls } from "../../shared/patterns/long-polling/parked-polls.ts";
import type { RoomLog } from "../../shared/patterns/room-log.ts";
import type { Broker } from "./broker.ts";
import { answer, refuse, toBody } from "./http-answers.ts";
import type { Draft, MessageStore } from "./message-store.ts";
import { readPoll } from "./poll-request.ts";
import { readPublished } from "./published-message.ts";
import type { RealtimePattern } from "./realtime-pattern.ts";
import { Refusal, refusals } from "./refusal.ts";
import { Rooms } from "./rooms.ts";

const NO_MESSAGES = toBody({ messages: [] } satisfies PollAnswer);

export interface LongPollingOptions {
  store: MessageStore;
  broker: Broker;
  clock: Clock;
  mostParked: number;
  settings: ReplicaSettings;
}

/** Polls are answered before Express sees them: they are nearly all the traffic there is. */
export function isPoll(request: IncomingMessage): boolean {
  return request.method === "GET" && request.url?.split("?", 1)[0] === MESSAGES_PATH;
}

export class LongPolling implements RealtimePattern {
  readonly #store: MessageStore;
  readonly #broker: Broker;
  readonly #rooms: Rooms;
  readonly #parked: ParkedPolls<ServerResponse>;
  readonly #mostParked: number;
  #isDraining = false;

  constructor({ store, broker, clock, mostParked, settings }: LongPollingOptions) {
    this.#store = store;
    this.#broker = broker;
    this.#mostParked = mostParked;
    this.#parked = new ParkedPolls(clock, settings.pollTimeoutMs, (poll) =>
      answer(poll.reply, 200, NO_MESSAGES),
    );
    this.#rooms = new Rooms({
      store,
      clock,
      isSubscribed: () => broker.subscribed,
      isUsed: (room) => this.#parked.has(room),
      onNews: (room, log) => this.#release(room, log),
    });
    broker.psubscribe(ALL_ROOMS_PATTERN);
    broker.on("pmessageBuffer", (_pattern, _channel, payload) => {
      const message = readPublished(payload);
      if (message) this.#hear(message);
    });
    broker.on("subscribed", () => this.#rooms.resubscribed());
  }

  async send(draft: Draft): Promise<ChatMessage> {
    const message = await this.#store.append(draft);
    const published = await this.publish(message);
    // The broker would tell us too. Where it cannot, at least our own clients need not wait.
    if (!published || !this.#broker.subscribed) this.#hear(message);
    return message;
  }

  publish(message: ChatMessage): Promise<boolean> {
    return this.#broker.publish(roomChannel(message.room), JSON.stringify(message));
  }

  async poll(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#isDraining) throw refusals.draining();
      const { room, after } = readPoll(request.url ?? "");
      // A cursor says what is still to come; a history must have all that was acknowledged before.
      const known = after === undefined ? undefined : this.#rooms.current(room, after);
      const log = known ?? (await this.#rooms.catchUp(room));
      if (after !== undefined && after > log.last) await this.#refuseAhead(room, after, log);
      await this.#answerOrPark(room, after, response, log);
    } catch (error) {
      refuse(response, Refusal.from(error));
    }
  }

  get held(): number {
    return this.#parked.size;
  }

  apply(settings: ReplicaSettings): void {
    this.#parked.setTimeoutMs(settings.pollTimeoutMs);
  }

  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const { reply } of this.#parked.releaseAll()) this.#sendAway(reply);
  }

  #hear(message: ChatMessage): void {
    if (this.#rooms.hear(message) !== "next") return;
    const log = this.#rooms.log(message.room);
    if (log) this.#release(message.room, log);
  }

  async #answerOrPark(
    room: string,
    after: number | undefined,
    response: ServerResponse,
    log: RoomLog,
  ): Promise<void> {
    const messages = newerThan(after, log) ?? (await this.#readStore(room, after));
    if (messages.length > 0) answer(response, 200, toBody({ messages } satisfies PollAnswer));
    else if (this.#isDraining) this.#sendAway(response);
    else if (!response.closed) this.#park(room, after, response);
  }

  #sendAway(response: ServerResponse): void {
    response.setHeader("Connection", "close");
    answer(response, 200, NO_MESSAGES);
  }

  #park(room: string, after: number | undefined, response: ServerResponse): void {
    if (this.#parked.size >= this.#mostParked) throw refusals.tooManyPolls();
    const poll = this.#parked.park(room, after, response);
    response.once("close", () => this.#parked.leave(poll));
  }

  /** Answers the room's polls with what is new to them, serialised once for all with the same cursor. */
  #release(room: string, log: RoomLog): void {
    const bodies = new Map<number | undefined, Buffer>();
    for (const { after, reply } of this.#parked.release(room, log.last)) {
      const body = bodies.get(after) ?? bodyFrom(newerThan(after, log));
      if (body) {
        bodies.set(after, body);
        answer(reply, 200, body);
      } else {
        this.#answerOrPark(room, after, reply, log).catch((error: unknown) =>
          refuse(reply, Refusal.from(error)),
        );
      }
    }
  }

  #readStore(room: string, after: number | undefined): Promise<ChatMessage[]> {
    return after === undefined ? this.#store.newest(room) : this.#store.after(room, after);
  }

  /** The store was asked, and has no such message: it was emptied, or this is another room's cursor. */
  async #refuseAhead(room: string, after: number, log: RoomLog): Promise<never> {
    const last = await this.#store.last(room);
    if (last < log.last) this.#rooms.forget(room);
    throw refusals.cursorAhead(after, last);
  }
}

/** What the log has for a poll with this cursor; undefined when it does not reach back that far. */
function newerThan(after: number | undefined, log: RoomLog): ChatMessage[] | undefined {
  if (after === undefined) return log.newest(MAX_BATCH);
  return log.after(after)?.slice(0, MAX_BATCH);
}

function bodyFrom(messages: ChatMessage[] | undefined): Buffer | undefined {
  return messages && toBody({ messages } satisfies PollAnswer);
}
