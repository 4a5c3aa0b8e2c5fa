/**
 * The virtual clients of one pattern: as many as wanted, numbered from 1; the newest leave first.
 * Starts are spread over time by one ticking timer, not by one timer per client.
 */
import type { Clock } from "../../shared/clock.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import { PATTERN_PREFIX, type Pattern } from "../../shared/contracts/ids.ts";
import type { FleetFigures } from "../../shared/contracts/metrics.ts";
import { systemClock } from "../processes/system-clock.ts";
import type { ClientSettings } from "./contract.ts";
import type { SharedAnswers } from "./shared-answers.ts";
import { startVirtualClient, type VirtualClient } from "./virtual-client.ts";

const TICK_MS = 25;
/**
 * 200 starts a second, whatever becomes of them; up to 1,000 while the cluster keeps up, that is
 * while few of those begun are neither let in nor refused. A start storm would measure itself.
 */
const LEAST_STARTS_PER_MS = 0.2;
const MOST_STARTS_PER_MS = 1;
/** A tick that comes late makes up for so much. */
const MOST_LATE_MS = 100;
const MOST_STARTING = 50;
/** Leaving costs less. */
const STOPS_PER_TICK = 100;
const RECONNECTS_PER_SECOND = 200;
/** Of those that are away, so many are asked why. */
const ASKED_FOR_REASONS = 100;

export interface Orders {
  url: string;
  count: number;
  settings: ClientSettings;
  /** A change of it makes sockets connect anew. */
  generation: number;
  followed: number;
}

export interface Squad {
  /** Settles when every start and stop that it asked for has been begun, or newer orders came. */
  order(orders: Orders): Promise<void>;
  views(): ClientView[];
  figures(): Omit<FleetFigures, "load">;
  /** The id of one client, by any number; undefined while there is none. */
  idOf(number: number): string | undefined;
  stop(): void;
}

export interface SquadOptions {
  answers: SharedAnswers;
  /** The clients' own timers run on it. */
  clock: Clock;
  /** A followed client changed. */
  onChange(): void;
}

export function createSquad(pattern: Pattern, options: SquadOptions): Squad {
  const { answers, clock, onChange } = options;
  const clients: VirtualClient[] = [];
  /** Those of them that were neither let in nor refused when we last looked. */
  let starting: VirtualClient[] = [];
  let orders: Orders | undefined;
  let settle: (() => void) | undefined;
  let ticking = false;
  let tickedMs = Number.NEGATIVE_INFINITY;

  function start({ url, settings }: Orders): void {
    const index = clients.length;
    const client = startVirtualClient(pattern, {
      id: clientId(pattern, index),
      url,
      settings,
      answers,
      clock,
      onChange: () => {
        if (index < (orders?.followed ?? 0)) onChange();
      },
    });
    clients.push(client);
    starting.push(client);
  }

  function startsNow(): number {
    starting = starting.filter((client) => client.standing() === "starting");
    const nowMs = systemClock.now();
    const sinceMs = Math.min(MOST_LATE_MS, nowMs - tickedMs);
    tickedMs = nowMs;
    const room = Math.min(MOST_STARTS_PER_MS * sinceMs, MOST_STARTING - starting.length);
    return Math.ceil(Math.max(LEAST_STARTS_PER_MS * sinceMs, room));
  }

  function tick(): void {
    ticking = false;
    if (orders === undefined) return;
    const least = Math.max(orders.count, clients.length - STOPS_PER_TICK);
    while (clients.length > least) clients.pop()?.stop();
    const most = Math.min(orders.count, clients.length + startsNow());
    while (clients.length < most) start(orders);
    if (clients.length !== orders.count) {
      ticking = true;
      systemClock.after(TICK_MS, tick);
      return;
    }
    settle?.();
    settle = undefined;
  }

  return {
    order(next) {
      settle?.();
      settle = undefined;
      const previous = orders;
      orders = next;
      if (previous && previous.url !== next.url) while (clients.length > 0) clients.pop()?.stop();
      if (previous) applyTo(clients, previous, next);
      onChange();
      return new Promise((resolve) => {
        settle = resolve;
        if (!ticking) tick();
      });
    },
    views: () => clients.slice(0, orders?.followed ?? 0).map((client) => client.view()),
    figures: () => figuresOf(clients, orders?.count ?? 0),
    idOf: (number) =>
      clients.length === 0 ? undefined : clientId(pattern, number % clients.length),
    stop() {
      orders = undefined;
      while (clients.length > 0) clients.pop()?.stop();
      settle?.();
    },
  };
}

function applyTo(clients: readonly VirtualClient[], previous: Orders, next: Orders): void {
  const transportsChanged = previous.settings.transports.join() !== next.settings.transports.join();
  const reconnects = transportsChanged || previous.generation !== next.generation;
  const settingsChanged = JSON.stringify(previous.settings) !== JSON.stringify(next.settings);
  for (const [index, client] of clients.entries()) {
    if (settingsChanged) client.apply(next.settings);
    if (reconnects) client.reconnect((index / RECONNECTS_PER_SECOND) * 1_000);
  }
}

function figuresOf(clients: readonly VirtualClient[], wanted: number): Omit<FleetFigures, "load"> {
  let connected = 0;
  const away: VirtualClient[] = [];
  for (const client of clients) {
    const standing = client.standing();
    if (standing === "connected") connected += 1;
    else if (standing === "away" && away.length < ASKED_FOR_REASONS) away.push(client);
  }
  const trouble = commonReason(away);
  return { wanted, started: clients.length, connected, ...(trouble && { trouble }) };
}

/** What most of them say is wrong, without when they will try again. */
function commonReason(away: readonly VirtualClient[]): string | undefined {
  const counts = new Map<string, number>();
  for (const client of away) {
    const reason = client.view().note?.split(";")[0];
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

function clientId(pattern: Pattern, index: number): string {
  return `${PATTERN_PREFIX[pattern]}-client-${index + 1}`;
}
