/**
 * When was a message accepted? A POST is seen before it has an id; the id is seen later, in SQL,
 * at the broker or in an answer. What joins them is the trace id that travels with the message.
 * Bounded: the oldest open traces are forgotten, and their messages then count as not seen (ME2).
 */
import { BoundedMap } from "../bounded-map.ts";
import { isRoom, type MessageKey, type Pattern } from "../contracts/ids.ts";
import type { TraceEvent } from "../trace/event.ts";
import { RoomLog } from "./room-log.ts";

const MOST_TRACES = 20_000;
const MOST_ROOMS = 256;

interface OpenTrace {
  acceptedMs: number;
  textBytes: number;
  named: boolean;
}

export class Accepted {
  readonly #pattern: Pattern;
  readonly #traces = new BoundedMap<string, OpenTrace>(MOST_TRACES);
  readonly #rooms = new Map<string, RoomLog>();

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  get openTraces(): { used: number; limit: number } {
    return { used: this.#traces.size, limit: this.#traces.limit };
  }

  /** A POST at the balancer, or the INSERT of a message whose sending the wire saw without a trace. */
  open(traceId: string, acceptedMs: number, text: string | undefined, textBytes?: number): void {
    if (this.#traces.has(traceId)) return;
    const bytes = textBytes ?? utf8Length(text ?? "");
    this.#traces.set(traceId, { acceptedMs, textBytes: bytes, named: false });
  }

  /** Anything that shows a trace and the one message it became. Answers the key if that is news. */
  name(event: TraceEvent): MessageKey | undefined {
    const key = event.messageIds?.[0];
    if (event.traceId === undefined || key === undefined) return undefined;
    const trace = this.#traces.get(event.traceId);
    if (event.messageIds?.length !== 1 || trace === undefined || trace.named) return undefined;
    const room = this.roomOf(key);
    if (room === undefined) return undefined;
    trace.named = true;
    room.accept(idOf(key, room), trace.acceptedMs, trace.textBytes);
    return key;
  }

  room(name: string): RoomLog | undefined {
    const known = this.#rooms.get(name);
    if (known !== undefined || this.#rooms.size >= MOST_ROOMS || !isRoom(name)) return known;
    const room = new RoomLog(this.#pattern, name);
    this.#rooms.set(name, room);
    return room;
  }

  /** The room of a message key of this pattern. */
  roomOf(key: string): RoomLog | undefined {
    const from = this.#pattern.length + 1;
    const to = key.lastIndexOf("/");
    return key.startsWith(this.#pattern) && to > from ? this.room(key.slice(from, to)) : undefined;
  }

  reset(): void {
    this.#traces.clear();
    for (const room of this.#rooms.values()) room.forget();
  }
}

/** The number at the end of a key of this room, read without allocating. */
export function idOf(key: string, room: RoomLog): number {
  let id = 0;
  for (let at = room.prefix.length; at < key.length; at++) id = id * 10 + key.charCodeAt(at) - 48;
  return id;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
