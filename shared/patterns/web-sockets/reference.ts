/**
 * The reference diagram of WebSockets (Socket.IO) with the Redis adapter, word for word, with its
 * steps, its pros and its cons.
 */
import type { TraceEvent } from "../../trace/event.ts";
import { isUpkeep, type Reference, type ReferenceStep } from "../reference.ts";

const MERMAID = `sequenceDiagram
    participant Client
    participant Server
    participant Broker

    Client->>Server: Connect via WebSocket (Socket.IO)
    Note right of Broker: Another server publishes message
    Broker-->>Server: Notify all servers
    Server-->>Client: Notify via WebSocket connection
    Client->>Client: Update UI with new messages`;

export type WebSocketsStep = "connect" | "publish" | "notify" | "deliver" | "update";

const STEPS: readonly ReferenceStep<WebSocketsStep>[] = [
  {
    id: "connect",
    kind: "arrow",
    index: 0,
    from: "Client",
    to: "Server",
    words: "Connect via WebSocket (Socket.IO)",
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
    index: 1,
    from: "Broker",
    to: "Server",
    words: "Notify all servers",
  },
  {
    id: "deliver",
    kind: "arrow",
    index: 2,
    from: "Server",
    to: "Client",
    words: "Notify via WebSocket connection",
    followedBy: "update",
  },
  {
    id: "update",
    kind: "arrow",
    index: 3,
    from: "Client",
    to: "Client",
    words: "Update UI with new messages",
  },
];

export const webSocketsReference: Reference<WebSocketsStep> = {
  title: "WebSockets (Socket.IO) with the Redis adapter",
  mermaid: MERMAID,
  steps: STEPS,
  howItWorks: [
    "The client connects to the server using WebSockets (via Socket.IO).",
    "The server responds to real-time events and broadcasts messages to all connected clients instantly.",
    "When a new message is posted, the server publishes it to a message broker (Redis Pub/Sub) using the Socket.IO Redis adapter.",
    "All server instances subscribe to the broker and are notified instantly when new messages are available, ensuring real-time updates across all instances.",
    "The message broker does not store messages; messages are stored in memory or a database (not shown here).",
  ],
  pros: [
    {
      title: "Truly real-time",
      text: "Clients receive updates instantly as soon as data changes.",
    },
    {
      title: "Scalable in load-balanced environments",
      text: "Works across multiple server instances or services thanks to the Redis adapter (message broker).",
    },
    {
      title: "Efficient resource usage",
      text: "No polling or holding HTTP requests open.",
    },
    {
      title: "Broad compatibility",
      text: "Socket.IO works in all major browsers and handles fallback for older clients.",
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
      title: "WebSocket support",
      text: "Requires browsers and environments that support WebSockets (most modern browsers do).",
    },
    {
      title: "Implementation complexity",
      text: "Socket management is much more complex than polling and opens the door to potential abuse of sockets.",
    },
  ],
  stepOf,
};

function stepOf(event: TraceEvent): WebSocketsStep | undefined {
  switch (event.kind) {
    case "socket.open":
      return event.from.startsWith("client:") ? "connect" : undefined;
    case "packet":
      if (event.label === "CONNECT" && event.info?.transport === "polling") return "connect";
      return isDelivery(event) ? "deliver" : undefined;
    case "redis.command":
      return event.info?.command === "PUBLISH" && isChat(event) ? "publish" : undefined;
    case "redis.push":
      return !isUpkeep(event) && isChat(event) ? "notify" : undefined;
    default:
      return undefined;
  }
}

/** The adapter also publishes requests of its own; only chat messages are in the reference. */
function isChat(event: TraceEvent): boolean {
  return (event.messageIds?.length ?? 0) > 0;
}

function isDelivery(event: TraceEvent): boolean {
  return event.to.startsWith("client:") && event.info?.packet !== "ack" && isChat(event);
}
