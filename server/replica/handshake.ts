/**
 * The door of the WebSockets pattern: who may open a connection at all, what a client says of
 * itself when it does (`?room=` and `auth`), and what it is told when it may not come in.
 */
import type { ServerOptions, Socket } from "socket.io";
import { DEFAULT_ROOM, isRoom } from "../../shared/contracts/ids.ts";
import type { HandshakeAuth } from "../../shared/contracts/socket-io.ts";
import type { IsAllowedOrigin } from "./http-answers.ts";
import { Refusal, refusals } from "./refusal.ts";

export interface Handshake {
  room: string;
  /** "I have everything up to here." */
  after: number | undefined;
  wantsHistory: boolean;
}

export function doors(isAllowedOrigin: IsAllowedOrigin, isDraining: () => boolean) {
  return {
    // What a browser asks before it lets a page read answers of the polling transport …
    cors: { origin: (origin, answer) => answer(null, !!origin && isAllowedOrigin(origin)) },
    // … and what it does not ask before it opens a WebSocket.
    allowRequest: ({ headers: { origin } }, answer) => {
      if (isDraining()) answer(refusals.draining().message, false);
      else if (origin && !isAllowedOrigin(origin))
        answer("Pages of this origin may not come.", false);
      else answer(null, true);
    },
  } satisfies Partial<ServerOptions>;
}

export function readHandshake({ query, auth }: Socket["handshake"]): Handshake {
  const room = query.room ?? DEFAULT_ROOM;
  if (!isRoom(room)) throw refusals.badRoom();
  const { after, history } = (auth ?? {}) as { [K in keyof HandshakeAuth]: unknown };
  if (after !== undefined && !isCursor(after)) throw refusals.badCursor();
  return { room, after, wantsHistory: history !== false };
}

/** The client's `connect_error` gets the words, and in `data` what HTTP would have answered. */
export function toConnectError(error: unknown): Error {
  const refusal = Refusal.from(error);
  return Object.assign(new Error(refusal.message), { data: refusal.toBody() });
}

function isCursor(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
