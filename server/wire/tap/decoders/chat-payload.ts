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
import type { MessageKey, Pattern } from "../../../../shared/contracts/ids.ts";
import { unpack, unpackedToJson } from "../../../protocols/msgpack.ts";
import { BytesMemo } from "./bytes-memo.ts";
import { asRecord, findMessage } from "./chat-words.ts";

interface PayloadFacts {
  /** What it is, in a word: a message's id, an event's name. */
  short?: string;
  messageIds?: MessageKey[];
  traceId?: string;
}

export type PayloadReader = (channel: string, payload: Buffer) => PayloadFacts;

const MAX_PAYLOAD_BYTES = 128 * 1024;
const NO_FACTS: PayloadFacts = {};

export function createPayloadReader(): PayloadReader {
  const memo = new BytesMemo<PayloadFacts>();
  return (channel, payload) => {
    const pattern = patternOf(channel);
    if (pattern === undefined || payload.length > MAX_PAYLOAD_BYTES) return NO_FACTS;
    return memo.get(channel, payload, () => readPayload(pattern, payloadAsJson(channel, payload)));
  };
}

/** The payload decoded; undefined where it is not what the channel's name promises. */
export function payloadAsJson(channel: string, payload: Buffer): unknown {
  try {
    if (patternOf(channel) === "web-sockets") return unpackedToJson(unpack(payload));
    return JSON.parse(payload.toString()) as unknown;
  } catch {
    return undefined; // a stranger's payload: there is nothing to say about it
  }
}

/** Whose channel it is, by its name. */
function patternOf(channel: string): Pattern | undefined {
  if (channel.startsWith(ROOM_CHANNEL_PREFIX)) return "long-polling";
  return channel.startsWith(ADAPTER_CHANNEL_PREFIX) ? "web-sockets" : undefined;
}

function readPayload(pattern: Pattern, json: unknown): PayloadFacts {
  if (pattern === "long-polling") return messageFacts(pattern, json);
  const data = Array.isArray(json) ? asRecord(json[1])?.data : undefined;
  if (!Array.isArray(data) || typeof data[0] !== "string") return NO_FACTS;
  return data[0] === "message" ? messageFacts(pattern, data[1]) : { short: data[0] };
}

function messageFacts(pattern: Pattern, json: unknown): PayloadFacts {
  const found = findMessage(json, pattern);
  if (!found) return NO_FACTS;
  const { id, key, traceId } = found;
  return { short: String(id), messageIds: [key], ...(traceId !== undefined && { traceId }) };
}
