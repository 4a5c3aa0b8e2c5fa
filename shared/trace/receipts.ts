/**
 * Who got what: events of one pattern → a table of messages × clients, each cell a receipt. It is read
 * off the hops that are kept, for looking at; the counts of all clients are the metrics' (ME5–ME14).
 * A message that did not arrive says between whom it was last seen. Rules VD1–VD6.
 */
import type { MessageKey, Participant, Pattern } from "../contracts/ids.ts";
import type { TraceEvent } from "./event.ts";
import { JUDGING } from "./judging.ts";
import { MessageTrails } from "./message-trails.ts";

export type ReceiptKind =
  | "once"
  | "late"
  | "duplicate"
  | "out-of-order"
  | "replayed"
  | "lost"
  /** Not given yet, and nothing says that it will not be. */
  | "awaited"
  /** The client was not there when it was accepted, or has left since. */
  | "absent";

export interface Receipt {
  kind: ReceiptKind;
  /** From the balancer's receipt of the POST to its forwarding to the client, ms. */
  afterMs?: number;
  times: number;
  /** The hop that brought it, or the last that was seen of it on its way. */
  seq?: number;
  /** Where a lost one died: it was seen on this side, and not on that. */
  died?: { from: Participant; to: Participant };
}

export interface MessageReceipts {
  key: MessageKey;
  text: string | undefined;
  from: Participant | undefined;
  acceptedMs: number;
  /** The hop that brought it to a replica. */
  seq: number;
  receipts: ReadonlyMap<Participant, Receipt>;
}

export interface ReceiptTable {
  clients: readonly Participant[];
  /** Newest first. */
  messages: readonly MessageReceipts[];
}

export interface ReceiptOptions {
  pattern: Pattern;
  /** Wire clock, ms. */
  nowMs: number;
  mostMessages?: number;
  mostClients?: number;
}

export function receiptTable(
  events: Iterable<TraceEvent>,
  { pattern, nowMs, mostMessages = 20, mostClients = 8 }: ReceiptOptions,
): ReceiptTable {
  const trails = new MessageTrails(pattern);
  for (const event of events) if (event.pattern === pattern) trails.take(event);
  const clients = trails.clients.slice(0, mostClients);
  const messages = trails.accepted.slice(-mostMessages).map((accepted): MessageReceipts => {
    const receipts = new Map(
      clients.map((client) => [client, judge(trails, accepted.key, client, { pattern, nowMs })]),
    );
    return { ...accepted, receipts };
  });
  return { clients, messages: messages.reverse() };
}

function judge(
  trails: MessageTrails,
  key: MessageKey,
  client: Participant,
  { pattern, nowMs }: Pick<ReceiptOptions, "pattern" | "nowMs">,
): Receipt {
  const { acceptedMs } = trails.acceptance(key);
  const got = trails.deliveries(key, client);
  const [first] = got;
  const isSubscribed = trails.isSubscribed(key, client);
  if (first !== undefined) {
    const { atMs, seq, isOld, isBehind } = first;
    const given = { times: got.length, seq };
    // Who was pushed a message was there, though the hop that would show it is no longer kept.
    const wasThere = isSubscribed || (pattern === "web-sockets" && !isOld);
    if (!wasThere) return { kind: "replayed", ...given };
    const afterMs = Math.max(0, atMs - acceptedMs);
    if (got.length > 1) return { kind: "duplicate", afterMs, ...given };
    if (isBehind) return { kind: "out-of-order", afterMs, ...given };
    return { kind: afterMs > JUDGING.lateAfterMs ? "late" : "once", afterMs, ...given };
  }
  if (!isSubscribed || trails.hasLeft(client)) return { kind: "absent", times: 0 };
  const passedMs = trails.passedOver(key, client);
  if (passedMs === undefined || nowMs - passedMs < JUDGING.graceMs)
    return { kind: "awaited", times: 0 };
  return { kind: "lost", times: 0, ...trails.end(key, client) };
}
