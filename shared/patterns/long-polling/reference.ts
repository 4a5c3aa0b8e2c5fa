/**
 * The reference diagram of long polling with a message broker, word for word, with its steps,
 * its pros and its cons.
 */
import type { TraceEvent } from "../../trace/event.ts";
import { type CauseOf, isUpkeep, type Reference, type ReferenceStep } from "../reference.ts";

const MERMAID = `sequenceDiagram
    participant Client
    participant Server
    participant Broker

    Server->>Broker: Subscribe for new messages

    loop Each long-poll request
        Client->>Server: Request new messages
        alt New messages available
            Server-->>Client: Respond with messages
            Client->>Client: Update UI with new messages
        else Wait for new message or timeout
            Note right of Broker: Another server publishes message
            Broker-->>Server: Notify on new message
            Server-->>Client: Respond with new message
            Client->>Client: Update UI with new messages
            alt Timeout
                Server-->>Client: Respond with empty array
                Note left of Client: No UI Update
            end
        end
    end`;

export type LongPollingStep =
  | "subscribe"
  | "request"
  | "respond-at-once"
  | "update-at-once"
  | "publish"
  | "notify"
  | "respond-on-notify"
  | "update-on-notify"
  | "respond-empty"
  | "no-update";

const STEPS: readonly ReferenceStep<LongPollingStep>[] = [
  {
    id: "subscribe",
    kind: "arrow",
    index: 0,
    from: "Server",
    to: "Broker",
    words: "Subscribe for new messages",
  },
  {
    id: "request",
    kind: "arrow",
    index: 1,
    from: "Client",
    to: "Server",
    words: "Request new messages",
  },
  {
    id: "respond-at-once",
    kind: "arrow",
    index: 2,
    from: "Server",
    to: "Client",
    words: "Respond with messages",
    followedBy: "update-at-once",
  },
  {
    id: "update-at-once",
    kind: "arrow",
    index: 3,
    from: "Client",
    to: "Client",
    words: "Update UI with new messages",
  },
  {
    id: "publish",
    kind: "note",
    index: 0,
    from: "Broker",
    to: "Broker",
    words: "Another server publishes message",
  },
  {
    id: "notify",
    kind: "arrow",
    index: 4,
    from: "Broker",
    to: "Server",
    words: "Notify on new message",
  },
  {
    id: "respond-on-notify",
    kind: "arrow",
    index: 5,
    from: "Server",
    to: "Client",
    words: "Respond with new message",
    followedBy: "update-on-notify",
  },
  {
    id: "update-on-notify",
    kind: "arrow",
    index: 6,
    from: "Client",
    to: "Client",
    words: "Update UI with new messages",
  },
  {
    id: "respond-empty",
    kind: "arrow",
    index: 7,
    from: "Server",
    to: "Client",
    words: "Respond with empty array",
    followedBy: "no-update",
  },
  {
    id: "no-update",
    kind: "note",
    index: 1,
    from: "Client",
    to: "Client",
    words: "No UI Update",
  },
];

export const longPollingReference: Reference<LongPollingStep> = {
  title: "Long polling with a message broker",
  mermaid: MERMAID,
  steps: STEPS,
  howItWorks: [
    "The client sends and receives messages via HTTP requests.",
    "The client opens a request to the server and waits for new messages or a timeout.",
    "The server responds immediately if there are new messages, or holds the request open until new data arrives or a timeout occurs.",
    "When a new message is posted, the server publishes it to a message broker (e.g., Redis Pub/Sub).",
    "All server instances subscribe to the broker and are notified instantly when new messages are available, rather than having to poll the database.",
    "The message broker does not store messages; messages are stored in the database.",
  ],
  pros: [
    {
      title: "Scalable in load-balanced environments",
      text: "Works across multiple server instances or services thanks to the message broker.",
    },
    {
      title: "Broad compatibility",
      text: "Works in all browsers and environments since it relies on standard HTTP requests.",
    },
    {
      title: "Redis use",
      text: "Redis offers other benefits (e.g. caching) that could be very useful for scaling data-intensive workloads.",
    },
  ],
  cons: [
    {
      title: "Broker dependency",
      text: "Requires running and maintaining a message broker (e.g., Redis).",
    },
    {
      title: "Inefficient resource usage",
      text: "Most polling requests may return no new data.",
    },
    {
      title: "Not truly real-time",
      text: "Clients only receive updates at fixed intervals, introducing latency between data changes and client updates.",
    },
    {
      title: "Memory usage",
      text: "Subscribers are kept in memory until notified or timed out.",
    },
    {
      title: "Implementation complexity",
      text: "More moving parts than basic polling or single-node long-polling.",
    },
  ],
  stepOf,
};

/** What the store answers to an INSERT. */
const STORED = /^id \d/;

function stepOf(event: TraceEvent, causeOf?: CauseOf): LongPollingStep | undefined {
  switch (event.kind) {
    case "redis.command":
      if (/^P?SUBSCRIBE$/.test(event.info?.command ?? "")) return "subscribe";
      return event.info?.command === "PUBLISH" ? "publish" : undefined;
    case "redis.push":
      return isUpkeep(event) ? undefined : "notify";
    case "http.request":
      return event.info?.poll === true ? "request" : undefined;
    case "http.response":
      if (event.outcome === "idle") return "respond-empty";
      if (event.outcome !== "messages") return undefined;
      return wasReleased(event, causeOf) ? "respond-on-notify" : "respond-at-once";
    default:
      return undefined;
  }
}

/**
 * Did a new message release it: a push, or, at the replica that took the message itself, its INSERT?
 * Without its causes at hand: a push brings one message.
 */
function wasReleased(event: TraceEvent, causeOf: CauseOf | undefined): boolean {
  if (causeOf === undefined) return event.messageIds?.length === 1;
  return (event.causes ?? []).some((seq) => isNews(causeOf(seq)));
}

function isNews(cause: TraceEvent | undefined): boolean {
  return cause?.kind === "redis.push" || (cause?.kind === "sql.result" && STORED.test(cause.label));
}
