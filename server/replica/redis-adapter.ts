/**
 * Socket.IO's Redis adapter, with one thing added: it asks before it passes a broadcast on.
 *
 *   io.to("lobby").emit("message", m)  ──►  adapter  ──► clients of this replica
 *                                              └──► PUBLISH socket.io#/#lobby#  ──►  other replicas' adapters
 *
 * The broker may deliver a message that this replica's clients have already (from the message
 * store), one that comes before its predecessor, or nonsense. The adapter's documented `parser`
 * option sees each broadcast that comes in; one that is not passed on is decoded to an empty one,
 * which the adapter ignores.
 */
import { createAdapter } from "@socket.io/redis-adapter";
import msgpack from "notepack.io";
import { ADAPTER_CHANNEL_PREFIX } from "../../shared/contracts/broker.ts";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import type { Broker, Payload } from "./broker.ts";
import { isPublished } from "./published-message.ts";

/** What the adapter publishes: who, a Socket.IO packet, and for whom. */
type Broadcast = [uid: string, packet: { data: unknown[] } | undefined, options?: unknown];

/** In place of an adapter's own id. */
const ELSEWHERE = "elsewhere";
const PACKET_TYPE_EVENT = 2;
const NOTHING: Broadcast = ["", undefined];

export function redisAdapter(
  broker: Broker,
  shouldPass: (message: ChatMessage) => boolean,
): ReturnType<typeof createAdapter> {
  const decode = (payload: Payload): Broadcast => {
    const broadcast = decodeBroadcast(payload);
    const message = messageIn(broadcast);
    return message && shouldPass(message) ? broadcast : NOTHING;
  };
  return createAdapter(broker, broker, { parser: { encode: msgpack.encode, decode } });
}

/** Publishes what `io.to(room).emit("message", message)` would, and emits nothing here. */
export function publishBroadcast(broker: Broker, message: ChatMessage): Promise<boolean> {
  const packet = { type: PACKET_TYPE_EVENT, data: ["message", message], nsp: "/" };
  const options = { rooms: [message.room], except: [], flags: {} };
  const broadcast = msgpack.encode([ELSEWHERE, packet, options]);
  return broker.publish(`${ADAPTER_CHANNEL_PREFIX}${message.room}#`, broadcast);
}

/** The id of the message in a broadcast; 0 if there is none. */
export function idInBroadcast(payload: Payload): number {
  return messageIn(decodeBroadcast(payload))?.id ?? 0;
}

/** Anybody may publish anything; what is no broadcast is nothing. */
function decodeBroadcast(payload: Payload): Broadcast {
  try {
    const value: unknown = msgpack.decode(payload);
    return Array.isArray(value) && Array.isArray(value[1]?.data) ? (value as Broadcast) : NOTHING;
  } catch {
    return NOTHING;
  }
}

function messageIn([, packet]: Broadcast): ChatMessage | undefined {
  const [event, message] = packet?.data ?? [];
  return event === "message" && isPublished(message) ? message : undefined;
}
