/**
 * Who can be named on any link: patterns, rooms, participants, and ids of messages across rooms.
 * Pure names; nothing here knows how a thing works.
 */

export const PATTERNS = ["long-polling", "web-sockets"] as const;
export type Pattern = (typeof PATTERNS)[number];

export function isPattern(value: unknown): value is Pattern {
  return PATTERNS.includes(value as Pattern);
}

/** The server that was given with `--target`: somebody else's, watched as our replicas are. */
export const TARGET = "target";
/** That server itself, as the replica that it is to its balancer. */
export const TARGET_REPLICA = "target";

/** What traffic belongs to: one of our two patterns, or the server given with `--target`. */
export const SIDES = [...PATTERNS, TARGET] as const;
export type Side = (typeof SIDES)[number];

export function isSide(value: unknown): value is Side {
  return SIDES.includes(value as Side);
}

/** One for each side. */
export function perSide<T>(make: (side: Side) => T): Record<Side, T> {
  return {
    "long-polling": make("long-polling"),
    "web-sockets": make("web-sockets"),
    [TARGET]: make(TARGET),
  };
}

/** One for each pattern, and one for the target where there is one. */
export type BySide<T> = Record<Pattern, T> & { [TARGET]?: T };

/** Short prefix used in replica and fleet client ids: `lp-1`, `ws-client-3`. */
export const PATTERN_PREFIX = {
  "long-polling": "lp",
  "web-sockets": "ws",
} as const satisfies Record<Pattern, string>;

/** `lp-1`, `ws-2`: a replica keeps its id over restarts. */
export type ReplicaId = string;

export const DEFAULT_ROOM = "lobby";
const ROOM = /^[A-Za-z0-9_-]{1,64}$/;

export function isRoom(value: unknown): value is string {
  return typeof value === "string" && ROOM.test(value);
}

/** What a client may call itself in `?client=`; anything else makes it a stranger. */
const CLIENT_ID = /^[A-Za-z0-9_.:-]{1,64}$/;

export function isClientId(value: unknown): value is string {
  return typeof value === "string" && CLIENT_ID.test(value);
}

/** An address with its port: what a stranger is called. */
const ADDRESS = /^client:(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-f:.]*:[0-9a-f:.]*\]?):\d{1,5}$/i;

/** Named after its connection, because it did not say who it is: counted, judged nowhere. */
export function isStranger(participant: string): boolean {
  return ADDRESS.test(participant);
}

/** Who exchanges bytes; a lifeline of the diagram. */
export type Participant =
  | `client:${string}`
  | `balancer:${Side}`
  | `replica:${ReplicaId}`
  | "broker"
  | "store";

/** A message's name across rooms and patterns: `long-polling/lobby/42`. */
export type MessageKey = `${Pattern}/${string}/${number}`;

export function messageKey(pattern: Pattern, room: string, id: number): MessageKey {
  return `${pattern}/${room}/${id}`;
}
