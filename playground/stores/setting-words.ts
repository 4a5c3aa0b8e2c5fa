/** The settings' names and values in words: for controls, notices and undo. */
import { msWords } from "../../shared/contracts/ms-words.ts";
import type { Settings } from "../../shared/contracts/settings.ts";

export const SETTING_NAMES = {
  pollTimeoutMs: "Poll timeout",
  pollGapMs: "Gap between polls",
  pollCursor: "Cursor",
  balancing: "Balancing",
  sticky: "Sticky sessions",
  transports: "Transports",
  pingIntervalMs: "Ping interval",
  pingTimeoutMs: "Ping timeout",
  catchUp: "Catch-up on reconnect",
  upgrades: "WebSocket upgrades",
  adapter: "Redis adapter",
  autoRestart: "Restart dead replicas",
} as const satisfies Record<keyof Settings, string>;

export function settingName(key: string): string {
  return key in SETTING_NAMES ? SETTING_NAMES[key as keyof typeof SETTING_NAMES] : key;
}

export function settingValueWords(key: string, value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number" && key.endsWith("Ms")) return msWords(value);
  if (Array.isArray(value)) return value.join(", then ");
  return String(value);
}

/** Why a setting changes nothing as the others are now; `null` where it does. */
export function noEffectWords(key: keyof Settings, { transports }: Settings): string | null {
  const polls = transports.some((transport) => transport === "polling");
  return key === "sticky" && !polls
    ? "No effect now: a WebSocket is one connection, and stays with its replica."
    : null;
}

/** What a setting that teaches leads to as it is now, and where that is seen; `null` where nothing. */
export function consequenceWords(key: keyof Settings, settings: Settings): string | null {
  const { pollCursor, pollGapMs, sticky, catchUp, upgrades, adapter, transports } = settings;
  const onlySockets = transports.every((transport) => transport === "websocket");
  switch (key) {
    case "pollCursor":
      return pollCursor
        ? null
        : "Each poll is answered with the whole history, at once: watch duplicates and requests.";
    case "pollGapMs":
      return pollGapMs === 0
        ? null
        : `What comes between two polls waits up to ${msWords(pollGapMs)}: watch the delivery latency.`;
    case "sticky":
      return sticky || onlySockets
        ? null
        : "A session's requests reach replicas that do not know it: 400 “Session ID unknown”.";
    case "catchUp":
      return catchUp ? null : "What is sent while a client is away is lost to it: watch lost.";
    case "upgrades":
      if (upgrades) return null;
      return onlySockets
        ? "Nobody can connect: allow polling in Transports, and clients fall back to it."
        : "Clients stay on polling: watch requests and bytes.";
    case "adapter":
      return adapter
        ? null
        : "Clients of other replicas hear nothing, until their own replica reads the store: watch late.";
    default:
      return null;
  }
}
