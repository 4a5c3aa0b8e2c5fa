/**
 * One teaching line under each half, from what has just happened there. Pure: the diagram, the
 * wire's time and the settings in, words out.
 */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { Settings } from "../../../shared/contracts/settings.ts";
import type { Diagram } from "../../../shared/trace/diagram.ts";
import { isLost } from "../../../shared/trace/event.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { quietWords } from "./quiet-words.ts";

type Timeouts = Pick<Settings, "pollTimeoutMs" | "pingIntervalMs">;

/** How far back the last thing worth a word is looked for. */
const LOOK_BACK_ROWS = 400;
const NEWS_MS = 6_000;

export function captionOf(
  diagram: Diagram,
  pattern: Pattern,
  nowMs: number,
  settings: Timeouts,
  /** Where a playhead stands: nothing behind it has happened yet. */
  past?: { rows: number },
): string {
  const clients = diagram.roster.clients(pattern).length;
  const last = lastWorthAWord(diagram, pattern, past?.rows);
  if (last === undefined && clients === 0) return nobody(pattern);
  const agoMs = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
  if (last !== undefined && agoMs < NEWS_MS) return newsOf(diagram, last, settings, nowMs);
  if (past !== undefined) return agoMs < Number.POSITIVE_INFINITY ? quietFor(agoMs) : "";
  return pattern === "long-polling"
    ? waiting(diagram, agoMs, settings)
    : open(diagram, agoMs, settings);
}

function nobody(pattern: Pattern): string {
  return pattern === "long-polling"
    ? "No client yet. Add one: it asks for messages, and its question waits at a replica."
    : "No client yet. Add one: it opens a socket, and the socket stays open.";
}

function newsOf(diagram: Diagram, { event }: HopRow, settings: Timeouts, nowMs: number): string {
  if (isLost(event)) return LOST_WORDS[event.perturbed === "dropped" ? "dropped" : "left"];
  if (event.outcome === "error") return refused(event);
  if (event.outcome === "idle") {
    const waited = quietWords(settings.pollTimeoutMs);
    return `A poll came back empty. Nothing was said for ${waited}, yet it cost a request and an answer.`;
  }
  const keys = event.messageIds ?? [];
  const key = keys.at(-1);
  if (keys.length > 1) return `${keys.length} messages at once: everything after the cursor.`;
  if (event.kind === "socket.close")
    return "A replica's sockets broke. Their clients connect again.";
  if (key === undefined) return "A socket opened. It stays open, so nobody has to ask.";
  return delivered(diagram, event, nowMs, key.slice(key.lastIndexOf("/") + 1));
}

/** Only these may have happened although they failed. */
const UNSURE: ReadonlySet<number> = new Set([500, 502, 504]);

function refused({ label, info }: HopRow["event"]): string {
  return UNSURE.has(info?.status ?? 0)
    ? `Failed: ${label}. It may have been stored all the same.`
    : `Refused: ${label}. Nothing was changed.`;
}

function delivered(diagram: Diagram, event: HopRow["event"], nowMs: number, id: string): string {
  const whole = event.traceId === undefined ? [] : diagram.events.story(event.traceId);
  const story = whole.filter(({ doneAt }) => doneAt <= Math.max(nowMs, event.doneAt));
  const reached = new Set<string>();
  const through = new Set<string>();
  for (const hop of story) {
    if (!hop.to.startsWith("client:") || (hop.messageIds?.length ?? 0) === 0) continue;
    if (hop.outcome === "created" || hop.info?.packet === "ack") continue;
    reached.add(hop.to);
    through.add(hop.from.slice(hop.from.indexOf(":") + 1));
  }
  const first = story[0];
  if (reached.size === 0 || first === undefined) {
    return diagram.roster.clients(event.pattern ?? "long-polling").some(({ open }) => open > 0)
      ? `Message ${id} is on its way.`
      : `Message ${id} is stored, and nobody was there to be told.`;
  }
  const tookMs = Math.max(...story.map((hop) => hop.doneAt)) - first.at;
  const clients = `${reached.size.toLocaleString("en")} client${reached.size === 1 ? "" : "s"}`;
  const replicas = [...through].sort();
  const by = replicas.length > 3 ? `${replicas.length} replicas` : replicas.join(" and ");
  return `Message ${id} reached ${clients} through ${by} in ${shortMs(tookMs)}.`;
}

function waiting(diagram: Diagram, quietMs: number, settings: Timeouts): string {
  const parked = diagram.sequence.bars.filter((bar) => bar.end === null);
  const count = parked.reduce((sum, bar) => sum + bar.open, 0);
  const quiet = quietFor(quietMs);
  if (count === 0) return `${quiet}No poll waits just now.`;
  const polls = count === 1 ? "1 poll waits" : `${count.toLocaleString("en")} polls wait`;
  const each = quietWords(settings.pollTimeoutMs);
  return `${quiet}That is the point: ${polls}, each for up to ${each}. Send one.`;
}

function open(diagram: Diagram, quietMs: number, settings: Timeouts): string {
  // Who only posted, or left, is a client of the diagram but holds nothing.
  const count = diagram.roster.clients("web-sockets").reduce((sum, member) => sum + member.open, 0);
  if (count === 0) return `${quietFor(quietMs)}No socket is open just now.`;
  const sockets = count === 1 ? "1 socket stays" : `${count.toLocaleString("en")} sockets stay`;
  const every = quietWords(settings.pingIntervalMs);
  return `${quietFor(quietMs)}${sockets} open and say nothing but a heartbeat every ${every}.`;
}

function quietFor(quietMs: number): string {
  return Number.isFinite(quietMs) ? `Quiet for ${quietWords(quietMs)}. ` : "";
}

function lastWorthAWord(diagram: Diagram, pattern: Pattern, among?: number): HopRow | undefined {
  const { rows } = diagram.sequence;
  const newest = (among ?? rows.length) - 1;
  const end = Math.max(0, newest - LOOK_BACK_ROWS);
  for (let index = newest; index >= end; index -= 1) {
    const row = rows[index];
    if (row?.kind === "hop" && row.pattern === pattern && isWorthAWord(row)) return row;
  }
  return undefined;
}

function isWorthAWord({ event }: HopRow): boolean {
  if (isLost(event) || event.outcome === "error") return true;
  if (event.kind === "http.response") return event.outcome === "idle" || hasMessages(event);
  if (event.kind === "socket.open") return true;
  return event.kind === "packet" && event.to.startsWith("client:") && hasMessages(event);
}

function hasMessages(event: HopRow["event"]): boolean {
  return (event.messageIds?.length ?? 0) > 0;
}

function shortMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1_000 ? `${Math.round(ms)} ms` : quietWords(ms);
}

/** Why something did not arrive. */
export const LOST_WORDS = {
  left: "An answer found nobody: its client had left.",
  dropped: "Dropped on its way: whoever should have had it does not know that it was sent.",
} as const;
