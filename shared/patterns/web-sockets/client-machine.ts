/**
 * The WebSockets client as a machine: connecting → connected, and reconnecting after a loss.
 * The fleet, a browser tab and the simulation run this same machine; what it wants done leaves it
 * through `effects`, what happened comes back as events (`client.ts` joins the two). It knows no
 * Socket.IO and holds no timers. Its reducers are plain functions; XState only says when they apply.
 *
 *   connecting ──connected──► connected ──lost──► reconnecting ──waited──► connecting
 *       └────────refused─────────────────────────────▲              any ──stop──► stopped
 */
import { assign, type SnapshotFrom, setup } from "xstate";
import type { ChatMessage } from "../../contracts/chat-message.ts";
import type { ClientView } from "../../contracts/client-view.ts";
import type { HandshakeAuth } from "../../contracts/socket-io.ts";
import { backOffMs } from "../back-off.ts";
import {
  blankMemory,
  type ClientMemory,
  type ClientSurroundings,
  viewOf,
  withNewest,
} from "../client-memory.ts";
import type { Standing } from "../running-client.ts";
import { type Cursor, cursorAt, isKnown, missing, NO_CURSOR, startAt, withId } from "./cursor.ts";

export interface WebSocketsSettings {
  /** Ask for what was missed when connecting again. */
  catchUp: boolean;
}

export interface WebSocketsEffects {
  /** Opens a connection; what an earlier one still says must not come any more. */
  connect(auth: HandshakeAuth): void;
  disconnect(): void;
  /** Sends `waited` once, instead of any earlier wait. */
  wait(forMs: number): void;
  cancelWait(): void;
}

export type WebSocketsEvent =
  | { type: "connected" }
  | { type: "refused"; reason: string }
  | { type: "lost"; reason: string }
  /** Not let in: the cursor is beyond the room's last id, which is `last`. */
  | { type: "ahead"; last: number }
  /** History, or what was missed. */
  | { type: "caught up"; messages: readonly ChatMessage[] }
  | { type: "message"; message: ChatMessage }
  /** Connect anew after a while: the replica is leaving, or the transports changed. */
  | { type: "reconnect soon"; afterMs: number }
  | { type: "waited" }
  | { type: "settings"; settings: WebSocketsSettings }
  | { type: "stop" };

export interface WebSocketsContext extends ClientMemory {
  readonly effects: WebSocketsEffects;
  settings: WebSocketsSettings;
  cursor: Cursor;
}

export interface WebSocketsInput {
  surroundings: ClientSurroundings;
  settings: WebSocketsSettings;
  effects: WebSocketsEffects;
}

type Patch = Partial<WebSocketsContext>;

function caughtUp(context: WebSocketsContext, messages: readonly ChatMessage[]): Patch {
  const last = messages.at(-1);
  const isFirst = context.cursor.at === undefined;
  if (last === undefined) return isFirst ? { cursor: startAt(context.cursor, 0) } : {};
  let cursor = startAt(context.cursor, last.id);
  for (const message of isFirst ? [] : messages) cursor = withId(cursor, message.id);
  return {
    cursor,
    newest: withNewest(context.newest, messages),
    updates: context.updates + 1,
  };
}

function heard(context: WebSocketsContext, message: ChatMessage): Patch {
  if (isKnown(context.cursor, message.id)) return {};
  return {
    cursor: withId(context.cursor, message.id),
    newest: withNewest(context.newest, [message]),
    updates: context.updates + 1,
  };
}

/** The room was emptied, or the cursor was another room's: start from where the room is. */
function ahead(last: number): Patch {
  return {
    cursor: cursorAt(last),
    newest: [],
    note: `the server's newest message is ${last}; starting again from there`,
  };
}

/** What to say in the handshake: nothing at first, the cursor later, unless catching up is off. */
function handshake({ cursor, settings }: WebSocketsContext): HandshakeAuth {
  if (cursor.at === undefined) return {};
  return settings.catchUp ? { after: cursor.at } : { history: false };
}

function startConnecting({ surroundings, requests }: WebSocketsContext): Patch {
  return { sinceMs: surroundings.now(), waitsMs: undefined, requests: requests + 1 };
}

function startWaiting({ surroundings, failures }: WebSocketsContext, reason: string): Patch {
  const waitsMs = backOffMs(failures + 1, surroundings.random());
  return {
    sinceMs: surroundings.now(),
    waitsMs,
    failures: failures + 1,
    note: `${reason}; trying again in ${(waitsMs / 1_000).toFixed(1)} s`,
  };
}

export const webSocketsMachine = setup({
  types: {
    context: {} as WebSocketsContext,
    events: {} as WebSocketsEvent,
    input: {} as WebSocketsInput,
  },
  guards: {
    /** Saying the same again would only be refused again. */
    isNew: ({ context, event }) => event.type === "ahead" && event.last !== context.cursor.at,
  },
}).createMachine({
  id: "web-sockets client",
  context: ({ input }) => ({
    ...blankMemory(input.surroundings),
    effects: input.effects,
    settings: input.settings,
    cursor: NO_CURSOR,
  }),
  initial: "connecting",
  on: {
    settings: { actions: assign(({ event }) => ({ settings: event.settings })) },
    stop: {
      target: ".stopped",
      actions: ({ context }) => {
        context.effects.cancelWait();
        context.effects.disconnect();
      },
    },
  },
  states: {
    connecting: {
      entry: [
        assign(({ context }) => startConnecting(context)),
        ({ context }) => context.effects.connect(handshake(context)),
      ],
      on: {
        connected: { target: "connected" },
        refused: {
          target: "reconnecting",
          actions: assign(({ context, event }) => startWaiting(context, event.reason)),
        },
        lost: {
          target: "reconnecting",
          actions: assign(({ context, event }) => startWaiting(context, event.reason)),
        },
        ahead: [
          {
            guard: "isNew",
            target: "connecting",
            reenter: true,
            actions: assign(({ event }) => ahead(event.last)),
          },
          {
            target: "reconnecting",
            actions: assign(({ context }) =>
              startWaiting(context, "the server refuses the cursor"),
            ),
          },
        ],
        "reconnect soon": { target: "connecting", reenter: true },
      },
    },
    connected: {
      entry: assign(({ context }) => ({
        sinceMs: context.surroundings.now(),
        failures: 0,
        note: undefined,
      })),
      exit: ({ context }) => context.effects.cancelWait(),
      on: {
        "caught up": {
          actions: assign(({ context, event }) => caughtUp(context, event.messages)),
        },
        message: { actions: assign(({ context, event }) => heard(context, event.message)) },
        lost: {
          target: "reconnecting",
          actions: assign(({ context, event }) => startWaiting(context, event.reason)),
        },
        "reconnect soon": {
          actions: [
            assign({ note: "asked to connect anew" }),
            ({ context, event }) => context.effects.wait(event.afterMs),
          ],
        },
        waited: { target: "connecting" },
      },
    },
    reconnecting: {
      entry: ({ context }) => context.effects.wait(context.waitsMs ?? 0),
      exit: ({ context }) => context.effects.cancelWait(),
      on: { waited: { target: "connecting" } },
    },
    stopped: { type: "final" },
  },
});

export function webSocketsView(
  snapshot: SnapshotFrom<typeof webSocketsMachine>,
  nowMs: number,
): ClientView {
  const { context } = snapshot;
  const memory = { ...context, cursor: context.cursor.at };
  const view = viewOf("web-sockets", String(snapshot.value), memory, nowMs);
  const lacks = missing(context.cursor);
  if (lacks > 0 && view.note === undefined) {
    view.note = `lacks ${lacks === 1 ? "1 message" : `${lacks} messages`} between those it has`;
  }
  return view;
}

export function webSocketsStanding(snapshot: SnapshotFrom<typeof webSocketsMachine>): Standing {
  if (snapshot.value === "connected") return "connected";
  const isFirst = snapshot.context.requests <= 1 && snapshot.context.failures === 0;
  return isFirst ? "starting" : "away";
}
