/**
 * A virtual client: a client machine over a real connection. Long polling runs on undici,
 * WebSockets on socket.io-client. What a client decides is in shared/patterns; this only connects.
 */
import { io } from "socket.io-client";
import type { Clock } from "../../shared/clock.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import { DEFAULT_ROOM, type Pattern } from "../../shared/contracts/ids.ts";
import { startLongPollingClient } from "../../shared/patterns/long-polling/client.ts";
import type { Standing } from "../../shared/patterns/running-client.ts";
import { startWebSocketsClient } from "../../shared/patterns/web-sockets/client.ts";
import type { ClientSettings } from "./contract.ts";
import { openPollConnection } from "./poll-connection.ts";
import type { SharedAnswers } from "./shared-answers.ts";

export interface VirtualClient {
  view(): ClientView;
  standing(): Standing;
  apply(settings: ClientSettings): void;
  /** WebSockets only: connects anew after a while. */
  reconnect(afterMs: number): void;
  stop(): void;
}

/** A poll that has waited so long on an open connection is parked. */
const SURELY_PARKED_MS = 500;

export interface VirtualClientOptions {
  id: string;
  /** The pattern's balancer. */
  url: string;
  settings: ClientSettings;
  answers: SharedAnswers;
  clock: Clock;
  onChange(): void;
}

const START: Record<Pattern, (options: VirtualClientOptions) => VirtualClient> = {
  "long-polling": startPolling,
  "web-sockets": startSocket,
};

export function startVirtualClient(pattern: Pattern, options: VirtualClientOptions): VirtualClient {
  return START[pattern](options);
}

function startPolling({
  id,
  url,
  settings,
  answers,
  clock,
  onChange,
}: VirtualClientOptions): VirtualClient {
  const connection = openPollConnection(url, clock);
  const client = startLongPollingClient({
    id,
    room: DEFAULT_ROOM,
    settings,
    clock,
    random: Math.random,
    get: connection.get,
    read: answers.read,
    onChange,
  });
  return {
    view: client.view,
    standing() {
      // A first poll, or one after a failure, may wait as long as any other: it is there all the same.
      if (connection.waitingMs() >= SURELY_PARKED_MS) return "connected";
      return client.standing();
    },
    apply: client.apply,
    reconnect: () => undefined,
    stop() {
      client.stop();
      connection.close();
    },
  };
}

function startSocket({
  id,
  url,
  settings,
  answers,
  clock,
  onChange,
}: VirtualClientOptions): VirtualClient {
  let { transports } = settings;
  const client = startWebSocketsClient({
    id,
    room: DEFAULT_ROOM,
    settings,
    clock,
    random: Math.random,
    open: (auth) =>
      io(url, {
        auth: { ...auth },
        query: { room: DEFAULT_ROOM, client: id },
        transports: [...transports],
        forceNew: true,
        reconnection: false,
      }),
    share: answers.share,
    onChange,
  });
  return {
    view: client.view,
    standing: client.standing,
    apply(next) {
      transports = next.transports;
      client.apply(next);
    },
    reconnect: client.reconnect,
    stop: client.stop,
  };
}
