/**
 * The delivery ledger: for one client in one room, which messages it got. Pure: it is told what
 * was delivered and what the client claims to have, and says what that was: a first delivery, a
 * replay, a duplicate, a lost message found again, or how many were lost.
 *
 * Ids are dense, so "everything below `base` is settled" plus a few bits above it say it all; a
 * client that gets its messages in order needs no bits. Rules ME5–ME14 in docs/spec/metrics.md.
 */
import { BoundedMap } from "../bounded-map.ts";

/** What the ledger asks about a room's messages. */
export interface RoomFacts {
  readonly top: number;
  readonly epoch: number;
  readonly oldest: number;
  /** When a message was accepted, wire clock; -1 where that was not seen. */
  acceptedMs(id: number): number;
}

export type Receipt = "first" | "replayed" | "duplicate" | "found";

/** How far above `base` messages are told apart; further ones push `base` on. */
export const LEDGER_WINDOW = 1_024;
/** How many messages that were passed over are remembered, in case they still come. */
const MISSED_REMEMBERED = 256;

export interface Ledger {
  room: RoomFacts;
  epoch: number;
  /** When the client first appeared in the room. What was accepted earlier is replayed. */
  sinceMs: number;
  /** The room's highest id then. */
  replayedUpTo: number;
  /** Below `start` nothing was followed; below `base` all is settled. */
  start: number;
  base: number;
  /** Highest id delivered. */
  top: number;
  /** Nothing was delivered yet and no cursor was seen: `base` is only a guess. */
  fresh: boolean;
  /** Since when something above a missing message has been delivered; 0 while nothing is missing. */
  gapSinceMs: number;
  /** Delivered ids in [base, base + LEDGER_WINDOW), by id modulo; made when first needed. */
  bits: Uint32Array | undefined;
  above: number;
  /** Ids below `base` that did not come, the newest few: `true` where they were judged lost. */
  missed: BoundedMap<number, boolean> | undefined;
}

export function openLedger(room: RoomFacts, nowMs: number, cursor: number | undefined): Ledger {
  const start = cursor === undefined ? room.top + 1 : cursor + 1;
  return {
    room,
    epoch: room.epoch,
    sinceMs: nowMs,
    replayedUpTo: room.top,
    start,
    base: start,
    top: 0,
    fresh: cursor === undefined,
    gapSinceMs: 0,
    bits: undefined,
    above: 0,
    missed: undefined,
  };
}

/** Was it accepted while the client was there? Unknown acceptances were not. */
export function isExpected(ledger: Ledger, id: number): boolean {
  if (id <= ledger.replayedUpTo) return false;
  const acceptedMs = ledger.room.acceptedMs(id);
  return acceptedMs >= 0 && acceptedMs >= ledger.sinceMs;
}

/** One message reached the client. `onLost` hears how many were given up to make room for it. */
export function deliver(
  ledger: Ledger,
  id: number,
  nowMs: number,
  onLost: (count: number) => void,
): Receipt {
  refresh(ledger);
  const expected = isExpected(ledger, id);
  if (ledger.fresh) {
    ledger.fresh = false;
    if (!expected) ledger.start = ledger.base = id;
  }
  if (id > ledger.top) ledger.top = id;
  if (id < ledger.base) return receiveOld(ledger, id);
  if (id >= ledger.base + LEDGER_WINDOW) {
    const lost = settle(ledger, id - LEDGER_WINDOW + 1, nowMs);
    if (lost > 0) onLost(lost);
  }
  if (id === ledger.base && ledger.above === 0) {
    ledger.base += 1;
    return expected ? "first" : "replayed";
  }
  if (hasBit(ledger, id)) return "duplicate";
  setBit(ledger, id);
  if (ledger.gapSinceMs === 0) ledger.gapSinceMs = nowMs;
  advance(ledger, nowMs);
  return expected ? "first" : "replayed";
}

/**
 * Everything below `to` is settled: expected messages that did not come are lost.
 * Answers how many; `forgive` counts none (the wire could not read what was delivered).
 */
export function settle(ledger: Ledger, to: number, nowMs: number, forgive = false): number {
  refresh(ledger);
  if (to <= ledger.base) return 0;
  const lost = forgive ? 0 : missBelow(ledger, to);
  clearBits(ledger, to);
  ledger.base = to;
  advance(ledger, nowMs);
  return lost;
}

/** The first missing id above which something was delivered; 0 where nothing is missing. */
export function endOfGap(ledger: Ledger): number {
  if (ledger.above === 0) return 0;
  let id = ledger.base;
  while (!hasBit(ledger, id)) id++;
  return id;
}

/** Begins anew where the room was emptied and its ids began anew. */
export function refresh(ledger: Ledger): void {
  if (ledger.epoch === ledger.room.epoch) return;
  ledger.epoch = ledger.room.epoch;
  ledger.replayedUpTo = 0;
  ledger.start = ledger.base = 1;
  ledger.top = 0;
  ledger.fresh = false;
  ledger.gapSinceMs = 0;
  ledger.above = 0;
  ledger.bits?.fill(0);
  ledger.missed = undefined;
}

function advance(ledger: Ledger, nowMs: number): void {
  const before = ledger.base;
  while (ledger.above > 0 && hasBit(ledger, ledger.base)) {
    clearBit(ledger, ledger.base);
    ledger.base += 1;
  }
  if (ledger.above === 0) ledger.gapSinceMs = 0;
  else if (ledger.base !== before) ledger.gapSinceMs = nowMs;
}

/** Something that was settled comes: again, or after all. */
function receiveOld(ledger: Ledger, id: number): Receipt {
  const wasLost = ledger.missed?.get(id);
  if (wasLost === undefined) return id < ledger.start ? "replayed" : "duplicate";
  ledger.missed?.delete(id);
  return wasLost ? "found" : "replayed";
}

/** Remembers what did not come below `to`, and counts what of it was owed. */
function missBelow(ledger: Ledger, to: number): number {
  let lost = 0;
  const owedFrom = Math.max(ledger.base, ledger.replayedUpTo + 1, ledger.room.oldest);
  const owedUntil = Math.min(to, ledger.room.top + 1);
  for (let id = owedFrom; id < owedUntil; id++) {
    if (hasBit(ledger, id) || !isExpected(ledger, id)) continue;
    lost += 1;
    remember(ledger, id, true);
  }
  for (let id = Math.max(ledger.base, to - MISSED_REMEMBERED); id < to; id++) {
    if (!hasBit(ledger, id) && !isExpected(ledger, id)) remember(ledger, id, false);
  }
  return lost;
}

function remember(ledger: Ledger, id: number, wasLost: boolean): void {
  ledger.missed ??= new BoundedMap(MISSED_REMEMBERED);
  ledger.missed.set(id, wasLost);
}

function hasBit(ledger: Ledger, id: number): boolean {
  if (ledger.bits === undefined || id < ledger.base || id >= ledger.base + LEDGER_WINDOW) {
    return false;
  }
  return ((ledger.bits[wordOf(id)] ?? 0) & (1 << (id & 31))) !== 0;
}

function setBit(ledger: Ledger, id: number): void {
  ledger.bits ??= new Uint32Array(LEDGER_WINDOW / 32);
  ledger.bits[wordOf(id)] = (ledger.bits[wordOf(id)] ?? 0) | (1 << (id & 31));
  ledger.above += 1;
}

function clearBit(ledger: Ledger, id: number): void {
  if (ledger.bits === undefined) return;
  ledger.bits[wordOf(id)] = (ledger.bits[wordOf(id)] ?? 0) & ~(1 << (id & 31));
  ledger.above -= 1;
}

function clearBits(ledger: Ledger, to: number): void {
  const until = Math.min(to, ledger.base + LEDGER_WINDOW);
  for (let id = ledger.base; ledger.above > 0 && id < until; id++) {
    if (hasBit(ledger, id)) clearBit(ledger, id);
  }
}

function wordOf(id: number): number {
  return (id & (LEDGER_WINDOW - 1)) >>> 5;
}
