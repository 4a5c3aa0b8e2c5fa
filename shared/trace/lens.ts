/**
 * What each lens leaves out. The reference diagrams know a client, a server and a broker, and only
 * what makes a message travel; the other lenses show every hop.
 */
import type { TraceEvent } from "./event.ts";

export type Lens = "reference" | "plain" | "protocol";

export function lensShows(lens: Lens, event: TraceEvent): boolean {
  if (lens !== "reference") return true;
  if (event.info?.heartbeat === true) return false;
  switch (event.kind) {
    case "sql.statement":
    case "sql.result":
    case "redis.reply":
    case "frame":
    case "raw":
      return false;
    case "redis.command":
      return /^(PUBLISH|P?SUBSCRIBE)$/.test(event.info?.command ?? "");
    case "http.request":
    case "http.response":
      // On Socket.IO's polling transport the packets tell the story, not the requests around them.
      return !(event.info?.path ?? "").startsWith("/socket.io");
    case "packet":
      return (event.messageIds?.length ?? 0) > 0 || event.info?.event !== undefined;
    case "redis.push":
    case "socket.open":
    case "socket.close":
      return true;
  }
}
