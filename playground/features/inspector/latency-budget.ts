/**
 * Where the time of one message went: its story's hops as bars on one scale, from the moment its
 * request was received. Only what was seen; a step that was not seen has no bar.
 */
import type { EventKind, TraceEvent } from "../../../shared/trace/event.ts";

export interface BudgetBar {
  name: string;
  tone: "pattern" | "broker" | "store";
  /** ms after the story's first event. */
  fromMs: number;
  toMs: number;
}

export interface Budget {
  bars: BudgetBar[];
  totalMs: number;
  /** Clients that got it, as far as the story tells. */
  deliveries: number;
}

export function budgetOf(story: readonly TraceEvent[]): Budget | null {
  const started = story.find(isSending);
  if (started === undefined) return null;
  const from = started.at;
  const delivered = story.filter((event) => isDelivery(event, started));
  const bars: BudgetBar[] = [];
  const add = (name: string, tone: BudgetBar["tone"], first?: TraceEvent, last?: TraceEvent) => {
    if (first === undefined || last === undefined) return;
    bars.push({ name, tone, fromMs: Math.max(0, first.at - from), toMs: last.doneAt - from });
  };
  const insert = firstOf(story, "sql.statement");
  const publish = story.find(
    ({ kind, info }) => kind === "redis.command" && info?.command?.toUpperCase() === "PUBLISH",
  );
  const pushes = story.filter(({ kind }) => kind === "redis.push");
  const firstStop = insert ?? publish ?? delivered[0];
  bars.push({
    name: started.kind === "packet" ? "send-message" : "POST",
    tone: "pattern",
    fromMs: 0,
    toMs: (firstStop?.at ?? started.doneAt) - from,
  });
  add("INSERT", "store", insert, firstOf(story, "sql.result") ?? insert);
  add("PUBLISH", "broker", publish, answerOf(story, publish) ?? publish);
  add("broker → replicas", "broker", pushes[0], pushes.at(-1));
  add(deliveryName(started, delivered.length), "pattern", delivered[0], delivered.at(-1));
  const totalMs = Math.max(...bars.map(({ toMs }) => toMs));
  return { bars, totalMs, deliveries: delivered.length };
}

function isSending({ kind, info }: TraceEvent): boolean {
  return (
    (kind === "http.request" && info?.method === "POST" && info.text !== undefined) ||
    (kind === "packet" && info?.event === "send-message")
  );
}

/** An answer or packet that brings the message to a client: not the sender's own 201 or ack. */
function isDelivery(event: TraceEvent, started: TraceEvent): boolean {
  if (!event.to.startsWith("client:") || event.messageIds === undefined) return false;
  if (event.at < started.at) return false;
  if (event.kind === "http.response") return event.outcome === "messages";
  return event.kind === "packet" && event.info?.event !== undefined && event.info.packet !== "ack";
}

function firstOf(story: readonly TraceEvent[], kind: EventKind): TraceEvent | undefined {
  return story.find((event) => event.kind === kind);
}

function answerOf(story: readonly TraceEvent[], command: TraceEvent | undefined) {
  if (command === undefined) return undefined;
  return story.find(({ kind, causes }) => kind === "redis.reply" && causes?.includes(command.seq));
}

function deliveryName(started: TraceEvent, count: number): string {
  const what = started.pattern === "long-polling" ? "release" : "deliver";
  return count === 1 ? `${what} 1` : `${what} ${count}`;
}
