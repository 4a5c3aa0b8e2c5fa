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
  /** The request or packet that sent the message. */
  sent: TraceEvent;
  /** What the server called it: `1` of `long-polling/lobby/1`; absent until that was seen. */
  messageId?: string;
  bars: BudgetBar[];
  totalMs: number;
  /** Clients that waited for it and got it, as far as the story tells. */
  deliveries: number;
  /** Clients that asked, or connected, only after it was sent: that time is theirs, so no bar has it. */
  later: number;
}

type EventBySeq = (seq: number) => TraceEvent | undefined;

export function budgetOf(story: readonly TraceEvent[], bySeq: EventBySeq): Budget | null {
  const started = story.find(isSending);
  if (started === undefined) return null;
  const brought = story.filter((event) => isDelivery(event, started));
  const later = brought.filter((event) => askedLater(event, started, bySeq));
  const prompt = brought.filter((event) => !later.includes(event));
  const bars = barsOf(story, started, prompt);
  const messageId = story.find(({ messageIds }) => messageIds?.length === 1)?.messageIds?.[0];
  return {
    sent: started,
    ...(messageId === undefined
      ? {}
      : { messageId: messageId.slice(messageId.lastIndexOf("/") + 1) }),
    bars,
    totalMs: Math.max(...bars.map(({ toMs }) => toMs)),
    deliveries: clientsOf(prompt),
    later: clientsOf(later),
  };
}

function barsOf(
  story: readonly TraceEvent[],
  started: TraceEvent,
  delivered: readonly TraceEvent[],
): BudgetBar[] {
  const from = started.at;
  const bars: BudgetBar[] = [];
  const add = (name: string, tone: BudgetBar["tone"], first?: TraceEvent, last?: TraceEvent) => {
    if (first === undefined || last === undefined) return;
    bars.push({ name, tone, fromMs: Math.max(0, first.at - from), toMs: last.doneAt - from });
  };
  const insert = story.find(({ kind }) => kind === "sql.statement");
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
  add("INSERT", "store", insert, answerOf(story, "sql.result", insert) ?? insert);
  add("PUBLISH", "broker", publish, answerOf(story, "redis.reply", publish) ?? publish);
  add("broker → replicas", "broker", pushes[0], pushes.at(-1));
  add(deliveryName(started, clientsOf(delivered)), "pattern", delivered[0], delivered.at(-1));
  return bars;
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

/** Brought by a poll that came after the sending, or by what a new connection is given. */
function askedLater(event: TraceEvent, started: TraceEvent, bySeq: EventBySeq): boolean {
  if (event.kind === "packet") return event.info?.event === "messages";
  const request = event.causes?.map(bySeq).find((cause) => cause?.kind === "http.request");
  return request !== undefined && request.at > started.at;
}

function answerOf(story: readonly TraceEvent[], kind: EventKind, question?: TraceEvent) {
  if (question === undefined) return undefined;
  return story.find((event) => event.kind === kind && event.causes?.includes(question.seq));
}

function clientsOf(deliveries: readonly TraceEvent[]): number {
  return new Set(deliveries.map(({ to }) => to)).size;
}

function deliveryName(started: TraceEvent, count: number): string {
  if (started.pattern !== "long-polling") return `deliver to ${count}`;
  return `release ${count} poll${count === 1 ? "" : "s"}`;
}
