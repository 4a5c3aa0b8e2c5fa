/** Plain words for the hops of WebSockets: a label for the arrow, a sentence for the inspector. */
import type { TraceEvent } from "../../trace/event.ts";
import { messagesWords, nameOf } from "../names.ts";
import { tapWords, type Words } from "../tap-words.ts";

export function webSocketsWords(event: TraceEvent): Words {
  switch (event.kind) {
    case "socket.open":
      return {
        label: "Connect",
        sentence: `${nameOf(event.from)} opens a WebSocket to ${nameOf(event.to)}, which stays open`,
      };
    case "socket.close":
      return closeWords(event);
    case "packet":
      return event.from.startsWith("client:") ? upWords(event) : downWords(event);
    case "http.request":
    case "http.response":
      return httpWords(event);
    default:
      return (
        tapWords(event) ?? {
          label: event.label,
          sentence: `${nameOf(event.from)} → ${nameOf(event.to)}: ${event.label}`,
        }
      );
  }
}

function closeWords(event: TraceEvent): Words {
  const client = event.from.startsWith("client:") ? event.from : event.to;
  const by = { client: nameOf(client), server: "the replica", balancer: "the load balancer" };
  const { closedBy, reason } = event.info ?? {};
  return {
    label: "Connection closed",
    sentence: `the connection of ${nameOf(client)} ended${closedBy ? `, closed by ${by[closedBy]}` : ""}${reason ? ` (${reason})` : ""}`,
  };
}

/** From the client to the replica. */
function upWords(event: TraceEvent): Words {
  const who = nameOf(event.from);
  const replica = nameOf(event.to);
  const { packet, event: name, text } = event.info ?? {};
  if (name === "send-message") {
    const what = text === undefined ? "a message" : `“${text}”`;
    return { label: `Send ${what}`, sentence: `${who} sends ${what} over its open connection` };
  }
  if (event.label === "CONNECT") {
    return { label: "Join the room", sentence: `${who} asks ${replica} to let it in` };
  }
  if (packet === "pong") {
    return { label: "Still here", sentence: `${who} answers that it is still there` };
  }
  if (packet === "upgrade" || event.label === "probe") {
    return { label: "Change to WebSocket", sentence: `${who} moves from polling to a WebSocket` };
  }
  return { label: event.label, sentence: `${who} tells ${replica}: ${event.label}` };
}

/** From the replica to the client. */
function downWords(event: TraceEvent): Words {
  const replica = nameOf(event.from);
  const who = nameOf(event.to);
  const { packet, event: name } = event.info ?? {};
  const what = messagesWords(event.messageIds);
  if (packet === "ack") {
    return {
      label: `Accepted as ${what}`,
      sentence: `${replica} tells ${who} that its message is stored: it is ${what}`,
    };
  }
  if (name === "messages") {
    return {
      label: event.messageIds ? `Bring up to date: ${what}` : "You are up to date",
      sentence: event.messageIds
        ? `${replica} brings ${who} up to date with ${what}`
        : `${replica} tells ${who} that there is nothing it does not have`,
    };
  }
  if (event.messageIds) {
    return {
      label: `Notify: ${what}`,
      sentence: `${replica} passes ${what} to ${who} at once: nobody had to ask`,
    };
  }
  if (name === "reconnect-soon") {
    return {
      label: "Please reconnect",
      sentence: `${replica} is leaving and asks ${who} to connect anew`,
    };
  }
  if (packet === "ping") {
    return { label: "Still there?", sentence: `${replica} asks whether ${who} is still there` };
  }
  if (packet === "open" || event.label === "CONNECTED") {
    return { label: "Connected", sentence: `${replica} accepts the connection of ${who}` };
  }
  return { label: event.label, sentence: `${replica} tells ${who}: ${event.label}` };
}

function httpWords(event: TraceEvent): Words {
  const from = nameOf(event.from);
  const to = nameOf(event.to);
  const { path, method, text, transport } = event.info ?? {};
  if (event.kind === "http.request") {
    if (transport === "polling" || path?.startsWith("/socket.io")) {
      return method === "POST"
        ? { label: "Carry packets up", sentence: `${from} sends packets to ${to} in a request` }
        : { label: "Ask for packets", sentence: `${from} asks ${to} for packets, and waits` };
    }
    if (method === "POST") {
      const what = text === undefined ? "a message" : `“${text}”`;
      return { label: `Send ${what}`, sentence: `${from} sends ${what} through ${to}` };
    }
    return { label: `Ask: ${event.label}`, sentence: `${from} asks ${to}: ${event.label}` };
  }
  if (event.outcome === "created") {
    const what = messagesWords(event.messageIds);
    return {
      label: `Accepted as ${what}`,
      sentence: `${from} tells ${to} that the message is stored: it is ${what}`,
    };
  }
  if (event.outcome === "error") {
    return { label: `Refused: ${event.label}`, sentence: `${from} refuses ${to}: ${event.label}` };
  }
  return { label: "Carry packets down", sentence: `${from} answers ${to} with packets` };
}
