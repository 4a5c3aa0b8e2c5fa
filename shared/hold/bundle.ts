/**
 * Which waiting hops are one step: the same answer or push to many clients, and the same poll by
 * many. A class watches one arrow, ×30, not thirty. Pure.
 */
import type { TraceEvent } from "../trace/event.ts";

type Hop = Pick<
  TraceEvent,
  "kind" | "from" | "to" | "label" | "pattern" | "outcome" | "messageIds" | "info"
>;

/** Equal for hops that go together; undefined for one that goes alone. */
export function bundleKey(hop: Hop): string | undefined {
  const { kind, from, to, label, pattern, outcome, info } = hop;
  if (kind === "http.request" && info?.poll === true) return `${pattern} ${to} asks ${label}`;
  if (!to.startsWith("client:")) return undefined;
  const isAnswer = kind === "http.response" && (outcome === "messages" || outcome === "idle");
  const isPush = kind === "packet" && info?.packet === "event" && hop.messageIds !== undefined;
  if (!isAnswer && !isPush) return undefined;
  return `${pattern} ${from} ${kind} ${outcome} ${label} ${extent(hop.messageIds)}`;
}

/** Messages of one room, in order: both ends and the number say which. */
function extent(ids: Hop["messageIds"] = []): string {
  return `${ids[0]} ${ids.at(-1)} ${ids.length}`;
}
