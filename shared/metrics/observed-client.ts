/**
 * The clients that the balancer sees: who is there now, and each one's delivery ledger per room.
 * A client is one that polls or holds a socket; who only posts is none. Bounded: beyond the limit
 * new clients are counted in deliveries, but have no ledger and are not judged.
 */
import { isStranger, type Participant } from "../contracts/ids.ts";
import { type Ledger, openLedger } from "../trace/ledger.ts";
import type { RoomLog } from "./room-log.ts";

export const MOST_CLIENTS = 50_000;
const MOST_ROOMS_EACH = 16;
/** How long after its last request a client that holds nothing is still there (rule ME16). */
const PRESENT_MS = 70_000;
const STRANGER_PRESENT_MS = 10_000;
/** How long the ledger of a client that was cut off waits for it to come back. */
const AWAITED_MS = 600_000;

export interface ObservedClient {
  /** Strangers (named after their connection) are counted, not judged. */
  judged: boolean;
  present: boolean;
  lastMs: number;
  /** Its poll in flight: since when it waits (0: none) and the bytes it cost. */
  polling: boolean;
  pollBytes: number;
  /** It polled without a cursor last. */
  naive: boolean;
  /** Its socket, and since when its server has welcomed it there; 0 while it has not. */
  conn: string | undefined;
  connectedMs: number;
  /** It went by itself: when it comes back with nothing, it begins anew. */
  left: boolean;
  /** Something was delivered that the wire could not read: the next claim is believed. */
  blind: boolean;
  ledgers: LedgerInRoom[];
}

export interface LedgerInRoom extends Ledger {
  room: RoomLog;
  /** Everything up to here is what the client says it has, since `claimedMs`. */
  claimed: number;
  claimedMs: number;
}

export class ObservedClients {
  readonly #clients = new Map<string, ObservedClient>();
  #presentCount = 0;

  get size(): number {
    return this.#clients.size;
  }

  get presentCount(): number {
    return this.#presentCount;
  }

  find(participant: Participant): ObservedClient | undefined {
    return this.#clients.get(participant);
  }

  /** It asked for messages: it is there. Undefined where no more clients can be followed. */
  seen(participant: Participant, nowMs: number): ObservedClient | undefined {
    let client = this.#clients.get(participant);
    if (client === undefined) {
      if (this.#clients.size >= MOST_CLIENTS) return undefined;
      client = createClient(!isStranger(participant), nowMs);
      this.#clients.set(participant, client);
    }
    client.lastMs = nowMs;
    if (!client.present) {
      client.present = true;
      this.#presentCount += 1;
    }
    return client;
  }

  gone(client: ObservedClient): void {
    client.polling = false;
    client.connectedMs = 0;
    client.conn = undefined;
    if (!client.present) return;
    client.present = false;
    this.#presentCount -= 1;
  }

  /** Forgets who has long been away; calls `visit` for the others. */
  sweep(nowMs: number, visit: (client: ObservedClient) => void): void {
    for (const [participant, client] of this.#clients) {
      const quietMs = nowMs - client.lastMs;
      const holds = client.polling || client.connectedMs > 0;
      if (!holds && quietMs > (client.judged ? PRESENT_MS : STRANGER_PRESENT_MS)) {
        this.gone(client);
        const awaited = client.judged && !client.left && quietMs < AWAITED_MS;
        if (!awaited) {
          this.#clients.delete(participant);
          continue;
        }
      }
      visit(client);
    }
  }

  all(): Iterable<ObservedClient> {
    return this.#clients.values();
  }
}

/** Its ledger in that room, opened now where it has none yet. */
export function ledgerIn(
  client: ObservedClient,
  room: RoomLog,
  nowMs: number,
  cursor?: number,
): LedgerInRoom | undefined {
  for (const ledger of client.ledgers) if (ledger.room === room) return ledger;
  if (client.ledgers.length >= MOST_ROOMS_EACH) return undefined;
  const ledger = { ...openLedger(room, nowMs, cursor), room, claimed: 0, claimedMs: 0 };
  client.ledgers.push(ledger);
  return ledger;
}

/** The client begins anew in that room: nothing of before is held against it. */
export function reopenLedger(ledger: LedgerInRoom, sinceMs: number): void {
  Object.assign(ledger, openLedger(ledger.room, sinceMs, undefined), { claimed: 0, claimedMs: 0 });
}

function createClient(judged: boolean, nowMs: number): ObservedClient {
  return {
    judged,
    present: false,
    lastMs: nowMs,
    polling: false,
    pollBytes: 0,
    naive: false,
    conn: undefined,
    connectedMs: 0,
    left: false,
    blind: false,
    ledgers: [],
  };
}
