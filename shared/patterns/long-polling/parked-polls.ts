/**
 * The heart of long polling: polls that wait for a message, room by room, until they are
 * released by news or expire after the poll timeout.
 *
 *   park ──► waiting ──► release   news came; the owner answers with messages
 *                   ├──► expire    the poll timeout passed; the owner answers with an empty list
 *                   └──► leave     the client went away; its place is free at once
 *
 * Pure: it knows neither HTTP nor messages. All polls wait equally long, so they expire in the
 * order they came, and one timer, set for the oldest, serves them all.
 */
import type { Clock, Timer } from "../../clock.ts";

export interface Poll<Reply> {
  readonly room: string;
  /** Absent when the client sent no cursor. */
  readonly after: number | undefined;
  /** Whatever its owner needs to answer it. */
  readonly reply: Reply;
  /** When its waiting began, on the clock given. */
  readonly sinceMs: number;
}

export class ParkedPolls<Reply> {
  readonly #clock: Clock;
  readonly #expire: (poll: Poll<Reply>) => void;
  readonly #rooms = new Map<string, Set<Poll<Reply>>>();
  readonly #oldestFirst = new Set<Poll<Reply>>();
  #timeoutMs: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, timeoutMs: number, expire: (poll: Poll<Reply>) => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#expire = expire;
  }

  get size(): number {
    return this.#oldestFirst.size;
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  park(room: string, after: number | undefined, reply: Reply): Poll<Reply> {
    const poll = { room, after, reply, sinceMs: this.#clock.now() };
    const roommates = this.#rooms.get(room);
    if (roommates) roommates.add(poll);
    else this.#rooms.set(room, new Set([poll]));
    this.#oldestFirst.add(poll);
    this.#timer ??= this.#clock.after(this.#timeoutMs, () => this.#expireDue());
    return poll;
  }

  /** Frees the place of a poll whose client went away. */
  leave(poll: Poll<Reply>): void {
    if (!this.#oldestFirst.delete(poll)) return;
    const roommates = this.#rooms.get(poll.room);
    roommates?.delete(poll);
    if (roommates?.size === 0) this.#rooms.delete(poll.room);
  }

  /** Takes out a room's polls that do not have its newest message yet, oldest first, to be answered now. */
  release(room: string, newest: number): Poll<Reply>[] {
    const waiting = [...(this.#rooms.get(room) ?? [])];
    const due = waiting.filter((poll) => (poll.after ?? 0) < newest);
    for (const poll of due) this.leave(poll);
    return due;
  }

  releaseAll(): Poll<Reply>[] {
    const polls = [...this.#oldestFirst];
    this.#oldestFirst.clear();
    this.#rooms.clear();
    return polls;
  }

  /** Holds for polls that wait already, too, counted from when they began to wait. */
  setTimeoutMs(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
    this.#timer?.cancel();
    this.#expireDue();
  }

  #expireDue(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const poll of this.#oldestFirst) {
      const waitsMs = poll.sinceMs + this.#timeoutMs - now;
      if (waitsMs > 0) {
        // An answered poll leaves the timer running: it wakes early, and is set again here.
        this.#timer = this.#clock.after(waitsMs, () => this.#expireDue());
        return;
      }
      this.leave(poll);
      this.#expire(poll);
    }
  }
}
