/**
 * Reads what replicas publish: on `messages:<room>` a chat message as JSON, on the Socket.IO
 * adapter's channels `[uid, packet, options]` as MessagePack. Anything else has no facts.
 *
 * The broker sends one publish to every replica, so the same bytes are read once and remembered.
 */
import {
  ADAPTER_CHANNEL_PREFIX,
  ROOM_CHANNEL_PREFIX,
} from "../../../../shared/contracts/broker.ts";
import {
  isRoom,
  type MessageKey,
  messageKey,
  type Pattern,
} from "../../../../shared/contracts/ids.ts";
import { type Unpacked, unpack, unpackedToJson } from "../../../protocols/msgpack.ts";
import { traceIdOf } from "./words.ts";

export interface PayloadFacts {
  /** What it is, in a word: a message's id, an event's name. */
  short?: string;
  messageIds?: MessageKey[];
  traceId?: string;
}

export type PayloadReader = (channel: string, payload: Buffer) => PayloadFacts;

const MAX_PAYLOAD_BYTES = 128 * 1024;
const NO_FACTS: PayloadFacts = {};

export function createPayloadReader(remembered = 16): PayloadReader {
  const memory: { channel: string; payload: Buffer; facts: PayloadFacts }[] = [];
  let next = 0;
  return (channel, payload) => {
    const known = memory.find((one) => one.channel === channel && one.payload.equals(payload));
    if (known) return known.facts;
    const facts = readPayload(channel, payload);
    if (facts !== NO_FACTS) {
      memory[next] = { channel, payload: Buffer.from(payload), facts };
      next = (next + 1) % remembered;
    }
    return facts;
  };
}

/** The payload's decoded twin for the inspector; undefined where it is neither encoding. */
export function payloadAsJson(channel: string, payload: Buffer): unknown {
  try {
    if (isAdapterChannel(channel)) return unpackedToJson(unpack(payload));
    return JSON.parse(payload.toString()) as unknown;
  } catch {
    return undefined; // neither encoding: there is no twin to show
  }
}

/** Requests and responses between adapters run on `socket.io-request#` and `socket.io-response#`. */
function isAdapterChannel(channel: string): boolean {
  return channel.startsWith(ADAPTER_CHANNEL_PREFIX);
}

function readPayload(channel: string, payload: Buffer): PayloadFacts {
  if (payload.length > MAX_PAYLOAD_BYTES) return NO_FACTS;
  const adapter = isAdapterChannel(channel);
  if (!adapter && !channel.startsWith(ROOM_CHANNEL_PREFIX)) return NO_FACTS;
  try {
    return adapter ? ofAdapter(unpack(payload)) : ofRoom(channel, JSON.parse(payload.toString()));
  } catch {
    return NO_FACTS; // a stranger's payload on a channel with our name
  }
}

function ofRoom(channel: string, body: unknown): PayloadFacts {
  const fields =
    typeof body === "object" && body !== null ? new Map(Object.entries(body)) : undefined;
  const room = channel.slice(ROOM_CHANNEL_PREFIX.length);
  return fields ? ofMessage("long-polling", fields, room) : NO_FACTS;
}

function ofAdapter(value: Unpacked): PayloadFacts {
  const packet = Array.isArray(value) ? value[1] : undefined;
  const data = packet instanceof Map ? packet.get("data") : undefined;
  if (!Array.isArray(data) || typeof data[0] !== "string") return NO_FACTS;
  const [event, message] = data;
  if (event !== "message" || !(message instanceof Map)) return { short: event };
  return ofMessage("web-sockets", message, undefined);
}

function ofMessage(
  pattern: Pattern,
  message: ReadonlyMap<string, unknown>,
  channelRoom: string | undefined,
): PayloadFacts {
  const id = message.get("id");
  const room = message.get("room") ?? channelRoom;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || !isRoom(room)) return NO_FACTS;
  const traceId = traceIdOf(message.get("traceparent"));
  return {
    short: String(id),
    messageIds: [messageKey(pattern, room, id)],
    ...(traceId !== undefined && { traceId }),
  };
}
