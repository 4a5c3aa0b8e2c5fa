/** The message store's part of the replica's source, which both patterns share. */
import type { CodeOf, CodePlace } from "./code-place.ts";

export const STORE_CODE = {
  append: { file: "server/replica/message-store.ts", member: "append" },
  result: { file: "server/replica/message-store.ts", member: "#messages" },
  read: { file: "server/replica/rooms.ts", member: "#read" },
} as const satisfies Record<string, CodePlace>;

export const storeCodeOf: CodeOf = ({ kind, info }) => {
  if (info?.setup === true || info?.heartbeat === true) return undefined;
  if (kind === "sql.result") return STORE_CODE.result;
  if (kind !== "sql.statement") return undefined;
  return info?.statement?.startsWith("INSERT") === true ? STORE_CODE.append : STORE_CODE.read;
};
