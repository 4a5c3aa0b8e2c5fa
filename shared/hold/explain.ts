/**
 * A waiting step in words: what it is, and what comes next once it may go. For the drawer, the API
 * and the text twin. Pure.
 */
import { TARGET } from "../contracts/ids.ts";
import { plainLabel, plainWords, stepOf } from "../patterns/guide.ts";
import { targetNext } from "../patterns/target-words.ts";
import type { TraceEvent } from "../trace/event.ts";
import type { WaitingStep } from "./hold-state.ts";

export interface StepWords {
  /** A few words: `Request new messages`. */
  label: string;
  /** One sentence. */
  words: string;
  /** What follows from it, one sentence. */
  next: string;
  /** Its step of the pattern's reference diagram, where it is one. */
  reference?: string;
}

export function explainStep(step: WaitingStep): StepWords {
  const event = asEvent(step);
  const reference = stepOf(event);
  const others = step.count > 1 ? ` So do ${step.count - 1} others like it.` : "";
  return {
    label: plainLabel(event),
    words: plainWords(event) + others,
    next: event.pattern === TARGET ? targetNext(event) : nextWords(event),
    ...(reference !== undefined && { reference }),
  };
}

/** As the event that it will be. */
function asEvent({ at, ...step }: WaitingStep): TraceEvent {
  const { kind, from, to, label, bytes, pattern, messageIds, traceId, outcome, info } = step;
  return {
    seq: 0,
    at,
    doneAt: at,
    kind,
    from,
    to,
    label,
    bytes,
    ...(pattern && { pattern }),
    ...(messageIds && { messageIds }),
    ...(traceId !== undefined && { traceId }),
    ...(outcome && { outcome }),
    ...(info && { info }),
  };
}

const STORED = "The replica asks the message store to keep it: an INSERT.";
const UPDATED = "The client updates its list";

function nextWords(event: TraceEvent): string {
  switch (event.kind) {
    case "http.request":
      if (event.info?.poll === true)
        return "The replica answers at once if it has something newer; else it parks the poll.";
      return event.info?.method === "POST" ? STORED : "The replica answers.";
    case "http.response":
      return afterResponse(event);
    case "packet":
      return afterPacket(event);
    case "sql.statement":
      return "The message store answers.";
    case "sql.result":
      return isAboutInsert(event)
        ? "The replica publishes the message and tells its sender that it is stored."
        : "The replica answers whoever waits for it.";
    case "redis.command":
      return event.info?.command === "PUBLISH"
        ? "The broker pushes it to every subscribed replica, and says to how many."
        : "The broker answers.";
    case "redis.push":
      return event.pattern === "web-sockets"
        ? "The replica emits it to its sockets, unless it published it itself."
        : "The replica answers its parked polls with it.";
    case "redis.reply":
      return "The replica knows that the broker took it; nothing follows.";
    case "frame":
    case "raw":
    case "socket.open":
    case "socket.close":
      return "Whoever gets it goes on.";
    default:
      return event.kind satisfies never;
  }
}

function afterResponse({ outcome }: TraceEvent): string {
  if (outcome === "messages") return `${UPDATED} and polls again.`;
  if (outcome === "idle") return "The client changes nothing and polls again.";
  if (outcome === "created") return "The sender knows that its message is stored; nothing follows.";
  return "The client goes on.";
}

function afterPacket({ to, info }: TraceEvent): string {
  if (info?.event === "send-message") return STORED;
  if (info?.packet === "ack")
    return "The sender knows that its message is stored; nothing follows.";
  return to.startsWith("client:") ? `${UPDATED}.` : "The replica goes on.";
}

function isAboutInsert({ info, label }: TraceEvent): boolean {
  return (info?.statement ?? label).startsWith("INSERT");
}
