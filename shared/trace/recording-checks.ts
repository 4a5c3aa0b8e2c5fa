/**
 * The shape of each line of a recording, field by field: what is wrong with a value, or nothing.
 * Fields that are not named here are of a later program, and are left alone.
 */
import type { Marker } from "../contracts/control.ts";
import { isSide } from "../contracts/ids.ts";
import { EVENT_KINDS, type EventInfo, OUTCOMES, PERTURBATIONS, type TraceEvent } from "./event.ts";
import type { Bookmark } from "./recording.ts";

type Check = (value: unknown) => boolean;
/** Every field has a row: one that is missing here does not compile. */
type Shape<T> = { [K in keyof Required<T>]: Check };

const MAX_LABEL = 2_000;
const MAX_NAME = 200;
const MAX_LIST = 1_024;
/** Ten thousand years in ms: beyond it, times can no longer be told apart. */
const MAX_MS = 315e12;

const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isSeq: Check = (value) => isCount(value) && value !== 0;
const isMs: Check = (value) =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= MAX_MS;
const isFlag: Check = (value) => typeof value === "boolean";

function textUpTo(length: number): Check {
  return (value) => typeof value === "string" && value.length <= length;
}

function oneOf(...choices: readonly string[]): Check {
  const known = new Set<unknown>(choices);
  return (value) => known.has(value);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.length <= MAX_LIST && value.every(check);
}

const MESSAGE_KEY = /^(?:long-polling|web-sockets)\/[A-Za-z0-9_-]{1,64}\/(\d{1,16})$/;

function isMessageKey(value: unknown): boolean {
  const id = typeof value === "string" ? MESSAGE_KEY.exec(value)?.[1] : undefined;
  return id !== undefined && isSeq(Number(id));
}

const PARTICIPANT = /^(?:(?:client|replica):.{1,120}|broker|store)$/su;

function isParticipant(value: unknown): boolean {
  if (typeof value !== "string") return false;
  return PARTICIPANT.test(value) || isBalancer(value);
}

function isBalancer(id: string): boolean {
  return id.startsWith("balancer:") && isSide(id.slice("balancer:".length));
}

const INFO: Shape<EventInfo> = {
  method: textUpTo(MAX_NAME),
  path: textUpTo(8_192),
  status: isCount,
  poll: isFlag,
  after: isCount,
  room: textUpTo(MAX_NAME),
  text: textUpTo(8_192),
  textBytes: isCount,
  packet: textUpTo(MAX_NAME),
  event: textUpTo(MAX_NAME),
  transport: oneOf("polling", "websocket"),
  command: textUpTo(MAX_NAME),
  channel: textUpTo(MAX_LABEL),
  receivers: isCount,
  statement: textUpTo(MAX_LABEL),
  rows: isCount,
  closedBy: oneOf("client", "server", "balancer"),
  reason: textUpTo(MAX_LABEL),
  setup: isFlag,
  heartbeat: isFlag,
  lost: isFlag,
};

const EVENT: Shape<TraceEvent> = {
  seq: isSeq,
  at: isMs,
  doneAt: isMs,
  kind: oneOf(...EVENT_KINDS),
  from: isParticipant,
  to: isParticipant,
  label: textUpTo(MAX_LABEL),
  bytes: isCount,
  pattern: isSide,
  traceId: textUpTo(MAX_NAME),
  causes: listOf(isSeq),
  messageIds: listOf(isMessageKey),
  outcome: oneOf(...OUTCOMES),
  conn: textUpTo(MAX_NAME),
  info: (value) => flawIn(value, INFO, []) === undefined,
  perturbed: oneOf(...PERTURBATIONS),
};

const MARKER: Shape<Marker> = {
  at: isMs,
  text: textUpTo(MAX_LABEL),
  tone: oneOf("info", "warn", "bad"),
  pattern: isSide,
};

const BOOKMARK: Shape<Bookmark> = { seq: isSeq, name: textUpTo(MAX_NAME) };

/** What is wrong with an event, in words that follow "line 7: "; nothing, where it is one. */
export function flawInEvent(value: unknown): string | undefined {
  return flawIn(value, EVENT, REQUIRED_OF_EVENT);
}
const REQUIRED_OF_EVENT = ["seq", "at", "doneAt", "kind", "from", "to", "label", "bytes"] as const;

export function flawInMarker(value: unknown): string | undefined {
  return flawIn(value, MARKER, ["at", "text", "tone"]);
}

export function flawInBookmark(value: unknown): string | undefined {
  return flawIn(value, BOOKMARK, ["seq", "name"]);
}

function flawIn<T>(
  value: unknown,
  shape: Shape<T>,
  required: readonly (keyof T & string)[],
): string | undefined {
  if (!isRecord(value)) return "it is not an object";
  for (const name of required) if (value[name] === undefined) return `“${name}” is missing`;
  for (const name in value) {
    const check = Object.hasOwn(shape, name) ? shape[name as keyof T] : undefined;
    if (check !== undefined && !check(value[name])) return `“${name}” is not what it should be`;
  }
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
