/**
 * "Join from this tab": the same client machines as the fleet's, run over the browser's own fetch
 * and socket.io-client against the balancers. A browser opens at most six HTTP/1.1 connections to a
 * host, so a tab is one client of each pattern, not many.
 */
import { io } from "socket.io-client";
import { type Clock, ProtocolClock, type Timer } from "../../shared/clock.ts";
import { DEFAULT_ROOM, PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import { clockRateOf } from "../../shared/hold/hold-state.ts";
import {
  type HttpReply,
  startLongPollingClient,
} from "../../shared/patterns/long-polling/client.ts";
import type { RunningClient } from "../../shared/patterns/running-client.ts";
import { startWebSocketsClient } from "../../shared/patterns/web-sockets/client.ts";
import { takeTabView } from "../stores/clients-store.ts";
import { clusterStore } from "../stores/cluster-store.ts";
import { holdStore } from "../stores/hold-store.ts";
import { traceStore } from "../stores/trace-store.ts";

/** One name for the tab's life, so that its lifelines of both patterns are known as one. */
const TAB_ID = `tab-${Math.random().toString(36).slice(2, 6).padEnd(4, "0")}`;

const browserClock: Clock = {
  now: () => performance.now(),
  after(afterMs, then): Timer {
    const timer = setTimeout(then, afterMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Stands still while traffic is held, as the fleet's does. */
const tabClock = new ProtocolClock(browserClock);
holdStore.subscribe((now, before) => {
  if (clockRateOf(now) !== clockRateOf(before)) tabClock.setRate(clockRateOf(now));
});

interface Joining {
  url: string;
  settings: Settings;
  onChange(): void;
}

const START: Record<Pattern, (joining: Joining) => RunningClient<Settings>> = {
  "long-polling": ({ url, settings, onChange }) =>
    startLongPollingClient({ ...self(settings, onChange), get: (...poll) => get(url, ...poll) }),
  "web-sockets": ({ url, settings, onChange }) =>
    startWebSocketsClient({
      ...self(settings, onChange),
      open: (auth) =>
        io(url, {
          auth: { ...auth },
          query: { room: DEFAULT_ROOM, client: TAB_ID },
          transports: [...(clusterStore.getState().snapshot?.settings ?? settings).transports],
          forceNew: true,
          reconnection: false,
        }),
    }),
};

function self(settings: Settings, onChange: () => void) {
  return {
    id: TAB_ID,
    room: DEFAULT_ROOM,
    settings,
    clock: tabClock,
    random: Math.random,
    onChange,
  };
}

function get(
  url: string,
  path: string,
  timeoutMs: number,
  done: (reply: HttpReply) => void,
): Timer {
  const leaving = new AbortController();
  const late = new AbortController();
  const patience = tabClock.after(timeoutMs, () => late.abort());
  const signal = AbortSignal.any([leaving.signal, late.signal]);
  fetch(new URL(path, url), { signal, cache: "no-store" })
    .then(async (response): Promise<HttpReply> => {
      return { status: response.status, body: await response.text() };
    })
    .catch((error: unknown): HttpReply => {
      if (late.signal.aborted)
        return { failed: `no answer within ${Math.round(timeoutMs / 1_000)} s` };
      return { failed: error instanceof Error ? error.message : "the request failed" };
    })
    .then((reply) => {
      patience.cancel();
      if (!leaving.signal.aborted) done(reply);
    });
  return { cancel: () => leaving.abort() };
}

const joined = new Map<Pattern, RunningClient<Settings>>();

export function joinTab(pattern: Pattern): void {
  const { snapshot } = clusterStore.getState();
  if (snapshot === null || joined.has(pattern)) return;
  const { url } = snapshot.cluster.patterns[pattern];
  const client = START[pattern]({
    url,
    settings: snapshot.settings,
    onChange: () => show(pattern),
  });
  joined.set(pattern, client);
  show(pattern);
}

export function leaveTab(pattern: Pattern): void {
  joined.get(pattern)?.stop();
  joined.delete(pattern);
  takeTabView(pattern, null, traceStore.getState().wireNow());
}

function show(pattern: Pattern): void {
  const client = joined.get(pattern);
  if (client !== undefined) takeTabView(pattern, client.view(), traceStore.getState().wireNow());
}

clusterStore.subscribe(({ snapshot }, before) => {
  if (snapshot === null || snapshot.settings === before.snapshot?.settings) return;
  for (const pattern of PATTERNS) joined.get(pattern)?.apply(snapshot.settings);
});
