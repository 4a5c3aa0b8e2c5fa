/** How participants are called in sentences: `client 2`, `replica lp-1`, `the broker`. */
import {
  isStranger,
  type Participant,
  type Pattern,
  type Side,
  TARGET_REPLICA,
} from "../contracts/ids.ts";

/** As they are called in headings and at the beginning of sentences. */
export const PATTERN_NAMES: Readonly<Record<Pattern, string>> = {
  "long-polling": "Long polling",
  "web-sockets": "WebSockets",
};

export const SIDE_NAMES: Readonly<Record<Side, string>> = {
  ...PATTERN_NAMES,
  target: "Your server",
};

const FLEET_CLIENT = /^(?:lp|ws)-client-(\d+)$/;
const PORT = /:\d{1,5}$/;

export function nameOf(participant: Participant): string {
  if (participant === "broker") return "the broker";
  if (participant === "store") return "the database";
  const at = participant.indexOf(":");
  const [role, id] = [participant.slice(0, at), participant.slice(at + 1)];
  if (role === "replica") return id === TARGET_REPLICA ? "the server" : `replica ${id}`;
  if (role === "balancer") return "the load balancer";
  const number = FLEET_CLIENT.exec(id)?.[1];
  if (number !== undefined) return `client ${number}`;
  if (id === "visitor") return "a visitor";
  if (id.startsWith("tab-")) return `browser tab ${id.slice(4)}`;
  return isStranger(participant) ? `a stranger (${id})` : `client ${id}`;
}

/** The same where all are strangers, or there is little room: `client :47712`. */
export function shortNameOf(participant: Participant): string {
  const port = isStranger(participant) ? PORT.exec(participant)?.[0] : undefined;
  return port === undefined ? nameOf(participant) : `client ${port}`;
}

/** `message 42`, `messages 41 and 42`, `messages 1 to 40`, `no messages`. */
export function messagesWords(keys: readonly string[] | undefined): string {
  const ids = (keys ?? []).map((key) => Number(key.slice(key.lastIndexOf("/") + 1)));
  const [first, second] = ids;
  const last = ids.at(-1);
  if (first === undefined) return "no messages";
  if (ids.length === 1) return `message ${first}`;
  return ids.length === 2 ? `messages ${first} and ${second}` : `messages ${first} to ${last}`;
}

/** `0.4 s`, `25 s`, `3 min`: how long, as said aloud. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  return `${Math.round(ms / 60_000)} min`;
}

export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
