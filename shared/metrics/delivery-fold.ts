/**
 * Deliveries of one pattern: every message that reached a client goes through that client's
 * ledger, and comes out as a delivery with its latency, a replay, a duplicate, or something late,
 * out of order or lost. Stands between the pattern's fold, which reads events, and the ledger,
 * which knows ids. Rules ME1–ME14.
 */
import type { Pattern } from "../contracts/ids.ts";
import type { JudgeOptions } from "../trace/judging.ts";
import { deliver, endOfGap, isExpected, type Receipt, refresh, settle } from "../trace/ledger.ts";
import { idOf } from "./accepted.ts";
import type { DeliveryLatency } from "./delivery-latency.ts";
import {
  type LedgerInRoom,
  ledgerIn,
  type ObservedClient,
  reopenLedger,
} from "./observed-client.ts";
import type { RoomLog } from "./room-log.ts";
import type { Tally } from "./tally.ts";

/**
 * A message can reach a client through another replica's read of the store before the wire sees
 * what its INSERT became. Such a delivery is taken for a replay until its acceptance is known.
 */
interface Unproved {
  key: string;
  sinceMs: number;
  doneMs: number;
  judged: boolean;
}
const MOST_UNPROVED = 4_096;
const UNPROVED_MS = 2_000;

/** A claim waits this long, in case the answer that proves it is reported a moment later. */
const CLAIM_MS = 1_000;

export class DeliveryFold {
  readonly #pattern: Pattern;
  readonly #tally: Tally;
  readonly #latency: DeliveryLatency;
  readonly #options: JudgeOptions;
  #judged = false;
  #unproved: Unproved[] = [];
  /** What was accepted before that may have been kept from crossing by hand since. */
  #perturbedUntilMs = Number.NEGATIVE_INFINITY;
  /** The same by a fault: the ledger judges it, but how long it took tells of the fault only. */
  #untimedUntilMs = Number.NEGATIVE_INFINITY;
  readonly #onLost = (count: number): void => {
    if (this.#judged) this.#tally.count("lost", count);
  };

  constructor(pattern: Pattern, tally: Tally, latency: DeliveryLatency, options: JudgeOptions) {
    this.#pattern = pattern;
    this.#tally = tally;
    this.#latency = latency;
    this.#options = options;
  }

  perturb(untilMs: number): void {
    this.#perturbedUntilMs = Math.max(this.#perturbedUntilMs, untilMs);
  }

  untime(untilMs: number): void {
    this.#untimedUntilMs = Math.max(this.#untimedUntilMs, untilMs);
  }

  /** While hops are kept from crossing by hand, nobody has lost anything by not having it yet. */
  mayJudge(nowMs: number): boolean {
    return nowMs - this.#perturbedUntilMs > this.#options.graceMs;
  }

  /** The messages of one answer or packet reached the client at `doneMs`. */
  delivered(client: ObservedClient, room: RoomLog, keys: readonly string[], doneMs: number): void {
    const ledger = ledgerIn(client, room, doneMs);
    this.#judged = client.judged;
    for (const key of keys) {
      if (!key.startsWith(room.prefix)) continue;
      const id = idOf(key, room);
      if (ledger === undefined) this.#tally.count("deliveries");
      else if (this.#deliver(client, ledger, id, doneMs) === "replayed" && !room.has(id)) {
        this.#remember({ key, sinceMs: ledger.sinceMs, doneMs, judged: client.judged });
      }
    }
  }

  /** It is known now when that message was accepted: deliveries that came first are put right. */
  named(key: string, room: RoomLog): void {
    if (this.#unproved.length === 0) return;
    const acceptedMs = room.acceptedMs(idOf(key, room));
    for (const { sinceMs, doneMs, judged } of this.#unproved.filter((one) => one.key === key)) {
      this.#tally.count("payloadBytes", room.textBytes(idOf(key, room)));
      if (acceptedMs < sinceMs) continue;
      this.#tally.count("replayed", -1);
      this.#tally.count("deliveries");
      if (this.#isPerturbed(acceptedMs)) continue;
      this.#time(acceptedMs, doneMs);
      if (judged && doneMs - acceptedMs > this.#options.lateAfterMs) this.#tally.count("late");
    }
    this.#unproved = this.#unproved.filter((one) => one.key !== key);
  }

  /** A poll says "I have everything up to here"; what it once claimed is judged by now. */
  polled(client: ObservedClient, room: RoomLog, cursor: number | undefined, nowMs: number): void {
    const ledger = ledgerIn(client, room, nowMs, cursor);
    if (ledger === undefined) return;
    if (cursor === undefined) {
      if (client.left || !client.naive) reopenLedger(ledger, nowMs);
    } else if (client.blind) {
      settle(ledger, Math.min(cursor, room.top) + 1, nowMs, true);
      client.blind = false;
    } else if (cursor >= ledger.base) {
      this.#judgeClaim(client, ledger, nowMs);
      ledger.claimed = cursor;
      ledger.claimedMs = nowMs;
    }
    client.naive = cursor === undefined;
    client.left = false;
  }

  /** Decides what can be decided by now: who was shown to be past a message without it. */
  judge(client: ObservedClient, nowMs: number): void {
    for (const ledger of client.ledgers) {
      if (ledger.epoch !== ledger.room.epoch) ledger.claimed = 0;
      if (this.#pattern === "long-polling") {
        if (nowMs - ledger.claimedMs >= CLAIM_MS) this.#judgeClaim(client, ledger, nowMs);
      } else if (client.connectedMs > 0) {
        this.#judgeSocket(client, ledger, nowMs);
      }
    }
  }

  #judgeClaim(client: ObservedClient, ledger: LedgerInRoom, nowMs: number): void {
    if (ledger.claimed === 0) return;
    const to = Math.min(ledger.claimed, ledger.room.top) + 1;
    ledger.claimed = 0;
    this.#lose(client, settle(ledger, to, nowMs, client.blind));
  }

  #judgeSocket(client: ObservedClient, ledger: LedgerInRoom, nowMs: number): void {
    const { graceMs } = this.#options;
    let to = ledger.base;
    if (ledger.gapSinceMs > 0 && nowMs - ledger.gapSinceMs >= graceMs) to = endOfGap(ledger);
    if (nowMs - client.connectedMs >= graceMs) {
      to = Math.max(to, firstSince(ledger, client.connectedMs));
    }
    if (to <= ledger.base) return;
    this.#lose(client, settle(ledger, to, nowMs, client.blind));
    client.blind = false;
  }

  #remember(unproved: Unproved): void {
    const oldest = this.#unproved[0];
    if (oldest !== undefined && unproved.doneMs - oldest.doneMs > UNPROVED_MS) {
      const fromMs = unproved.doneMs - UNPROVED_MS;
      this.#unproved = this.#unproved.filter(({ doneMs }) => doneMs >= fromMs);
    }
    if (this.#unproved.length < MOST_UNPROVED) this.#unproved.push(unproved);
  }

  #deliver(client: ObservedClient, ledger: LedgerInRoom, id: number, doneMs: number): Receipt {
    if (client.left) {
      client.left = false;
      // History it had before, or one that had nothing: this is a newcomer under the old name.
      if (id <= ledger.top || ledger.top === 0) reopenLedger(ledger, client.connectedMs || doneMs);
    }
    refresh(ledger);
    const expected = isExpected(ledger, id);
    const before = ledger.top;
    const receipt = deliver(ledger, id, doneMs, this.#onLost);
    this.#count(client, ledger.room, id, before, receipt, doneMs, expected);
    return receipt;
  }

  #count(
    client: ObservedClient,
    room: RoomLog,
    id: number,
    topBefore: number,
    receipt: Receipt,
    doneMs: number,
    expected: boolean,
  ): void {
    const tally = this.#tally;
    if (receipt === "duplicate") {
      if (client.judged) tally.count("duplicates");
      return;
    }
    tally.count("payloadBytes", room.textBytes(id));
    if (receipt === "replayed") {
      tally.count("replayed");
      return;
    }
    tally.count("deliveries");
    const acceptedMs = room.acceptedMs(id);
    const isTimed = acceptedMs >= 0 && !this.#isPerturbed(acceptedMs);
    if (isTimed) this.#time(acceptedMs, doneMs);
    if (!client.judged) return;
    if (receipt === "found") tally.count("lost", -1);
    const isLate = isTimed && doneMs - acceptedMs > this.#options.lateAfterMs;
    if (isLate || receipt === "found") tally.count("late");
    if (expected && isTimed && this.#isOutOfOrder(room, id, topBefore)) tally.count("outOfOrder");
  }

  #time(acceptedMs: number, doneMs: number): void {
    if (acceptedMs <= this.#untimedUntilMs) return;
    this.#latency.record(Math.max(0, doneMs - acceptedMs), doneMs);
  }

  #isPerturbed(acceptedMs: number): boolean {
    return acceptedMs <= this.#perturbedUntilMs;
  }

  #isOutOfOrder(room: RoomLog, id: number, topBefore: number): boolean {
    if (id >= topBefore) return false;
    if (this.#pattern === "long-polling") return true;
    return room.acceptedMs(topBefore) - room.acceptedMs(id) > this.#options.swapMs;
  }

  #lose(client: ObservedClient, count: number): void {
    if (client.judged && count > 0) this.#tally.count("lost", count);
  }
}

/** Behind the last message that is known to have been accepted before that time. */
function firstSince(ledger: LedgerInRoom, sinceMs: number): number {
  let first = ledger.base;
  // What is older than the room's log has no time of its own.
  for (let id = Math.max(ledger.base, ledger.room.oldest); id <= ledger.room.top; id++) {
    const acceptedMs = ledger.room.acceptedMs(id);
    if (acceptedMs >= sinceMs) break;
    if (acceptedMs >= 0) first = id + 1;
  }
  return first;
}
