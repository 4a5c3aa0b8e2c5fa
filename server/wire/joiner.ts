/**
 * Finds what caused a hop, from what really travelled: a trace id, a message's key, a text.
 *
 *   POST ─trace─► INSERT ─► result ─key─► PUBLISH ─key─► push to each replica ─key─► responses, packets
 *
 * Decoders have already joined what one connection proves (a response to its request, a reply to
 * its command). A hop that nothing proves a cause for keeps none. Reads events in the order of
 * their seqs, and remembers a bounded number of messages and traces.
 */
import { BoundedMap } from "../../shared/bounded-map.ts";
import type { MessageKey, Participant } from "../../shared/contracts/ids.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { SeqTimes } from "./seq-times.ts";

/** How a replica came to know a message. */
interface Knowledge {
  first: number;
  firstAt: number;
  /** The last read of the message store that held it. */
  read?: number;
  readAt?: number;
}

interface MessageStory {
  /** The hop that brought the first news of it. */
  began: number;
  traceId?: string;
  published?: number;
  knownBy: BoundedMap<Participant, Knowledge>;
}

const MAX_REPLICAS = 64;
/** Of a long list only both ends are joined: they tell where it came from. */
const LIST_END = 16;
const MAX_CAUSES = 16;
const SEND_WITHIN_MS = 10_000;

export class Joiner {
  readonly messages = new BoundedMap<MessageKey, MessageStory>(20_000);
  /** The request (or packet) that began a trace. */
  readonly traces = new BoundedMap<string, number>(20_000);
  /** `send-message` packets whose INSERT has not been seen, by replica and text. */
  readonly #sends = new BoundedMap<string, number[]>(2_000);
  readonly #times = new SeqTimes();

  /** Adds `causes`, and `traceId` where a single message tells it. */
  join(event: TraceEvent): void {
    this.#times.note(event.seq, event.at);
    const { kind, info, traceId } = event;
    if (kind === "http.request") {
      if (info?.method === "POST" && traceId !== undefined) this.traces.set(traceId, event.seq);
    } else if (kind === "sql.statement") this.#statement(event);
    else if (kind === "sql.result") this.#result(event);
    else if (kind === "redis.command") this.#published(event);
    else if (kind === "redis.push") this.#pushed(event);
    else if (kind === "packet" && info?.event === "send-message") this.#sent(event);
    else if (kind === "packet" || kind === "http.response") this.#delivered(event);
  }

  #sent(event: TraceEvent): void {
    const text = event.info?.text;
    if (text === undefined || !event.from.startsWith("client:")) return;
    const key = `${event.to} ${text}`;
    const seqs = this.#sends.get(key) ?? [];
    this.#sends.set(key, [...seqs.slice(-99), event.seq]);
  }

  /** An INSERT is caused by the request of its trace, or by the packet that brought its text. */
  #statement(event: TraceEvent): void {
    const { traceId, info } = event;
    if (traceId === undefined || !info?.statement?.startsWith("INSERT")) return;
    const known = this.traces.get(traceId);
    const origin = known ?? this.#claimSend(`${event.from} ${info.text}`, event.at);
    if (origin === undefined) return;
    if (known === undefined) this.traces.set(traceId, origin);
    addCause(event, origin);
  }

  #claimSend(key: string, at: number): number | undefined {
    const seqs = this.#sends.get(key) ?? [];
    const recent = seqs.filter((seq) => at - (this.#times.at(seq) ?? 0) < SEND_WITHIN_MS);
    const seq = recent.shift();
    if (recent.length > 0) this.#sends.set(key, recent);
    else this.#sends.delete(key);
    return seq;
  }

  #result(event: TraceEvent): void {
    const isRead = event.info?.statement?.startsWith("INSERT") !== true;
    for (const key of bothEnds(event.messageIds)) {
      const story = isRead ? this.#story(key, event) : this.#newStory(key, event);
      if (!isRead && event.traceId !== undefined) story.traceId = event.traceId;
      const known = learn(story, event.to, event);
      if (isRead) {
        known.read = event.seq;
        known.readAt = event.at;
      }
    }
  }

  #published(event: TraceEvent): void {
    const key = event.messageIds?.[0];
    if (key === undefined) return;
    const story = this.#story(key, event);
    story.published = event.seq;
    if (event.traceId !== undefined) story.traceId = event.traceId;
    const known = story.knownBy.get(event.from)?.first;
    addCause(event, known ?? this.traces.get(event.traceId ?? ""));
  }

  #pushed(event: TraceEvent): void {
    const key = event.messageIds?.[0];
    if (key === undefined) return;
    const story = this.#story(key, event);
    addCause(event, story.published);
    learn(story, event.to, event);
  }

  /** A client gets messages: because of what its replica had learnt of them, and when. */
  #delivered(event: TraceEvent): void {
    if (!event.messageIds || !event.to.startsWith("client:")) return;
    const [only, second] = event.messageIds;
    const request = event.kind === "http.response" ? event.causes?.[0] : undefined;
    const askedAt = request === undefined ? undefined : this.#times.at(request);
    for (const key of bothEnds(event.messageIds)) {
      const known = this.messages.get(key)?.knownBy.get(event.from);
      if (known) addCause(event, sourceOf(known, event, askedAt));
    }
    if (event.traceId === undefined && only !== undefined && second === undefined) {
      const traceId = this.messages.get(only)?.traceId;
      if (traceId !== undefined) event.traceId = traceId;
    }
  }

  #story(key: MessageKey, event: TraceEvent): MessageStory {
    return this.messages.get(key) ?? this.#begin(key, event);
  }

  /**
   * A message that was just stored. What was known of its key before the INSERT was another message:
   * ids begin again once messages are cleared. (Another replica may read it before its result is here.)
   */
  #newStory(key: MessageKey, result: TraceEvent): MessageStory {
    const known = this.messages.get(key);
    const asked = result.causes?.[0] ?? result.seq;
    return known && known.began > asked ? known : this.#begin(key, result);
  }

  #begin(key: MessageKey, event: TraceEvent): MessageStory {
    const story: MessageStory = { began: event.seq, knownBy: new BoundedMap(MAX_REPLICAS) };
    this.messages.set(key, story);
    return story;
  }
}

function learn(story: MessageStory, replica: Participant, event: TraceEvent): Knowledge {
  const known = story.knownBy.get(replica);
  if (known) return known;
  const knowledge = { first: event.seq, firstAt: event.at };
  story.knownBy.set(replica, knowledge);
  return knowledge;
}

/**
 * News that came while a poll was parked released it. A request that knew nothing new was answered
 * from a read made for it, if there was one; else from what the replica had.
 */
function sourceOf(known: Knowledge, event: TraceEvent, askedAt: number | undefined): number {
  const { first, firstAt, read, readAt } = known;
  if (read === undefined || readAt === undefined) return first;
  if (askedAt === undefined) return event.info?.event === "messages" ? read : first;
  return firstAt < askedAt && readAt >= askedAt ? read : first;
}

function addCause(event: TraceEvent, cause: number | undefined): void {
  if (cause === undefined || cause >= event.seq) return;
  const causes = event.causes ?? [];
  if (causes.includes(cause) || causes.length >= MAX_CAUSES) return;
  event.causes = [...causes, cause];
}

function bothEnds<T>(list: readonly T[] | undefined): readonly T[] {
  if (!list) return [];
  if (list.length <= 2 * LIST_END) return list;
  return [...list.slice(0, LIST_END), ...list.slice(-LIST_END)];
}
