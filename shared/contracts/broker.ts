/**
 * What replicas say to each other through Redis Pub/Sub. The broker keeps nothing.
 *
 * Long polling publishes each stored message (chat-message.ts), as JSON, on its room's channel;
 * replicas subscribe to all rooms with one pattern. WebSockets leaves channels and encoding to the
 * Socket.IO adapter (`socket.io#/#<room>#`, MessagePack `[uid, packet, opts]`).
 */

export const ROOM_CHANNEL_PREFIX = "messages:";
export const ALL_ROOMS_PATTERN = `${ROOM_CHANNEL_PREFIX}*`;

export function roomChannel(room: string): string {
  return `${ROOM_CHANNEL_PREFIX}${room}`;
}

/** The adapter's channel prefix for the default namespace. */
export const ADAPTER_CHANNEL_PREFIX = "socket.io#/#";
