/**
 * A running WebSockets client: the machine joined to a Socket.IO socket and to a clock. Whoever
 * runs it brings `open` (socket.io-client, one manager each and without its own reconnection) and
 * reads `view()`. It never throws: what goes wrong is an event of the machine, and in the view's note.
 */
import { createActor } from "xstate";
import type { Clock, Timer } from "../../clock.ts";
import type { ChatMessage } from "../../contracts/chat-message.ts";
import type { HandshakeAuth } from "../../contracts/socket-io.ts";
import { asRecord, isChatMessage } from "../read-chat.ts";
import type { RunningClient } from "../running-client.ts";
import {
  type WebSocketsEffects,
  type WebSocketsEvent,
  type WebSocketsSettings,
  webSocketsMachine,
  webSocketsStanding,
  webSocketsView,
} from "./client-machine.ts";

/** What is used of a socket.io-client socket. */
export interface ClientSocket {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  off(): unknown;
  disconnect(): unknown;
}

export interface WebSocketsClientOptions {
  id: string;
  room: string;
  settings: WebSocketsSettings;
  clock: Clock;
  random(): number;
  /** Opens a socket whose handshake query names `room` and `client`; it begins to connect at once. */
  open(auth: HandshakeAuth): ClientSocket;
  /** Gives back an equal message that others share, where there is one. */
  share?(message: ChatMessage): ChatMessage;
  onChange?(): void;
}

export interface RunningSocketClient extends RunningClient<WebSocketsSettings> {
  /** Connects anew after a while, as after a change of transports. */
  reconnect(afterMs: number): void;
}

export function startWebSocketsClient(options: WebSocketsClientOptions): RunningSocketClient {
  const { id, room, clock, random } = options;
  const send = (event: WebSocketsEvent): void => {
    if (actor.getSnapshot().status === "active") actor.send(event);
  };
  const actor = createActor(webSocketsMachine, {
    input: {
      surroundings: { id, room, now: () => clock.now(), random },
      settings: options.settings,
      effects: createEffects(options, send),
    },
  });
  if (options.onChange) actor.subscribe(options.onChange);
  actor.start();
  return {
    view: () => webSocketsView(actor.getSnapshot(), clock.now()),
    standing: () => webSocketsStanding(actor.getSnapshot()),
    apply: (settings) => send({ type: "settings", settings }),
    reconnect: (afterMs) => send({ type: "reconnect soon", afterMs }),
    stop: () => send({ type: "stop" }),
  };
}

function createEffects(
  { clock, open, share = (message) => message }: WebSocketsClientOptions,
  send: (event: WebSocketsEvent) => void,
): WebSocketsEffects {
  let socket: ClientSocket | undefined;
  let timer: Timer | undefined;

  function close(): void {
    socket?.off();
    socket?.disconnect();
    socket = undefined;
  }

  return {
    connect(auth) {
      close();
      socket = open(auth);
      listen(socket, send, share);
    },
    disconnect: close,
    wait(forMs) {
      timer?.cancel();
      timer = clock.after(forMs, () => send({ type: "waited" }));
    },
    cancelWait() {
      timer?.cancel();
      timer = undefined;
    },
  };
}

function listen(
  socket: ClientSocket,
  send: (event: WebSocketsEvent) => void,
  share: (message: ChatMessage) => ChatMessage,
): void {
  socket.on("connect", () => send({ type: "connected" }));
  socket.on("connect_error", (error) => send(refusalOf(error)));
  socket.on("disconnect", (reason) => send({ type: "lost", reason: `disconnected: ${reason}` }));
  socket.on("messages", (messages) => {
    if (!Array.isArray(messages)) return;
    send({ type: "caught up", messages: messages.filter(isChatMessage).map(share) });
  });
  socket.on("message", (message) => {
    if (isChatMessage(message)) send({ type: "message", message: share(message) });
  });
  socket.on("reconnect-soon", (advice) => {
    const { afterMs } = (advice ?? {}) as { afterMs?: unknown };
    send({ type: "reconnect soon", afterMs: typeof afterMs === "number" ? afterMs : 0 });
  });
}

/** A server that does not let us in says why in `data`, as HTTP would have answered. */
function refusalOf(error: unknown): WebSocketsEvent {
  const { last } = asRecord(asRecord(error).data);
  return typeof last === "number"
    ? { type: "ahead", last }
    : { type: "refused", reason: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "connection refused";
}
