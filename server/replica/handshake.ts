/** Reads what a Socket.IO client says of itself when it connects: `?room=` and `auth`. */
import type { Socket } from "socket.io";
import { DEFAULT_ROOM, isRoom } from "../../shared/contracts/ids.ts";
import type { HandshakeAuth } from "../../shared/contracts/socket-io.ts";
import { refusals } from "./refusal.ts";

export interface Handshake {
  room: string;
  /** "I have everything up to here." */
  after: number | undefined;
  wantsHistory: boolean;
}

export function readHandshake({ query, auth }: Socket["handshake"]): Handshake {
  const room = query.room ?? DEFAULT_ROOM;
  if (!isRoom(room)) throw refusals.badRoom();
  const { after, history } = (auth ?? {}) as { [K in keyof HandshakeAuth]: unknown };
  if (after !== undefined && !isCursor(after)) throw refusals.badCursor();
  return { room, after, wantsHistory: history !== false };
}

function isCursor(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
