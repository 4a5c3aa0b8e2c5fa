/** The teaching line under the half of somebody else's server: only what the wire shows. Pure. */

import type { Diagram } from "../../../shared/trace/diagram.ts";
import { isLost } from "../../../shared/trace/event.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { LOST_WORDS } from "./caption.ts";
import { quietWords } from "./quiet-words.ts";

const LOOK_BACK_ROWS = 400;
const NEWS_MS = 6_000;

export function targetCaption(diagram: Diagram, nowMs: number): string {
  const clients = diagram.roster.clients("target");
  const last = newest(diagram);
  if (last === undefined && clients.length === 0) return "Nobody has called yet.";
  const agoMs = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
  const news = last && agoMs < NEWS_MS ? newsOf(last) : undefined;
  if (news !== undefined) return news;
  const open = clients.reduce((sum, client) => sum + client.open, 0);
  const quiet = Number.isFinite(agoMs) ? `Quiet for ${quietWords(agoMs)}. ` : "";
  if (open === 0) return `${quiet}Nothing waits, and no socket is open.`;
  return open === 1
    ? `${quiet}One request or socket stays open, and costs nothing but its place.`
    : `${quiet}${open} requests or sockets stay open, and cost nothing but their place.`;
}

function newsOf({ event }: HopRow): string | undefined {
  if (isLost(event)) return LOST_WORDS[event.perturbed === "dropped" ? "dropped" : "left"];
  if (event.from === "balancer:target") return event.info?.reason ?? "The server did not answer.";
  if (event.outcome === "error") return `The server refused a request: ${event.label}.`;
  if (event.outcome === "idle") {
    return "An idle answer: a poll came back with nothing, yet it cost a request and an answer.";
  }
  if (event.kind === "socket.open") return "A socket opened. It stays open, so nobody has to ask.";
  return undefined;
}

function newest({ sequence: { rows } }: Diagram): HopRow | undefined {
  for (let index = rows.length - 1; index >= Math.max(0, rows.length - LOOK_BACK_ROWS); index--) {
    const row = rows[index];
    if (row?.kind === "hop" && row.pattern === "target" && row.event.info?.heartbeat !== true)
      return row;
  }
  return undefined;
}
