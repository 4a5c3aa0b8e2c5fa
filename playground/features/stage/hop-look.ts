/**
 * How a hop is drawn, by what it is: hue by role, dashes for answers, hollow where nothing was said.
 * Red only for failure, and then with a cross.
 */
import { isLost, type TraceEvent } from "../../../shared/trace/event.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";

export interface HopLook {
  hue: "pattern" | "broker" | "store" | "bad";
  dashed: boolean;
  hollow: boolean;
  /** How the arrow ends: at its receiver, at a closed socket, or nowhere. */
  end: "arrow" | "closed" | "cross";
  heavy: boolean;
}

export function lookOf(row: HopRow): HopLook {
  const { event } = row;
  // A broker that does not know an optional command of a client library is no failure.
  const refused = event.outcome === "error" && event.info?.setup !== true;
  const failed = refused || isLost(event);
  return {
    hue: failed ? "bad" : hueOf(event),
    dashed: isAnswer(event) || row.noise === "heartbeat",
    hollow: event.outcome === "idle" || row.noise === "heartbeat",
    end: isLost(event) ? "cross" : event.kind === "socket.close" ? "closed" : "arrow",
    heavy: row.count > 1,
  };
}

function hueOf(event: TraceEvent): "pattern" | "broker" | "store" {
  if (event.kind.startsWith("redis.")) return "broker";
  if (event.kind.startsWith("sql.")) return "store";
  if (event.from === "broker" || event.to === "broker") return "broker";
  if (event.from === "store" || event.to === "store") return "store";
  return "pattern";
}

function isAnswer(event: TraceEvent): boolean {
  switch (event.kind) {
    case "http.response":
      // An answer that carries messages is what everybody waited for: drawn as strong as a request.
      return event.outcome !== "messages";
    case "redis.reply":
    case "sql.result":
      return true;
    case "packet":
      return event.info?.packet === "ack";
    default:
      return false;
  }
}
