/**
 * Plain words for the hops of a server that we did not write: only what the wire shows. What a
 * request or packet means to that server, nobody here knows, so nothing here says it.
 */
import type { TraceEvent } from "../trace/event.ts";
import { durationWords, shortNameOf } from "./names.ts";
import type { Words } from "./tap-words.ts";

/** `waitedMs`: how long the request had waited, for answers, where the reader knows it. */
export function targetWords(event: TraceEvent, waitedMs?: number): Words {
  switch (event.kind) {
    case "http.request":
      return requestWords(event);
    case "http.response":
      return responseWords(event, waitedMs);
    case "socket.open":
      return openWords(event);
    case "socket.close":
      return closeWords(event);
    case "redis.command":
    case "redis.reply":
    case "redis.push":
      return brokerWords(event);
    default:
      return says(event);
  }
}

/** What follows from it, as far as it can be known. */
export function targetNext({ kind, from, info }: TraceEvent): string {
  switch (kind) {
    case "http.request":
      return info?.poll === true
        ? "The server answers, at once or when it has something."
        : "The server answers.";
    case "redis.command":
      return info?.command === "PUBLISH"
        ? "The broker pushes it to whoever subscribed, and says to how many."
        : "The broker answers.";
    case "redis.push":
    case "redis.reply":
      return "The server goes on.";
    default:
      return from.startsWith("client:") ? "The server goes on." : "The client goes on.";
  }
}

function requestWords(event: TraceEvent): Words {
  const [who, server] = [shortNameOf(event.from), shortNameOf(event.to)];
  if (event.info?.poll === true) {
    return {
      label: `Poll ${pathOf(event)}`,
      sentence: `${who} asks ${server} for news (${event.label}), and may be left waiting`,
    };
  }
  return { label: `Ask: ${event.label}`, sentence: `${who} asks ${server}: ${event.label}` };
}

function responseWords(event: TraceEvent, waitedMs: number | undefined): Words {
  const [server, who] = [shortNameOf(event.from), shortNameOf(event.to)];
  const waited = waitedMs === undefined ? "" : ` after ${durationWords(waitedMs)}`;
  if (event.outcome === "idle") {
    return {
      label: "Respond with nothing",
      sentence: `${server} answered ${who}${waited} with nothing in it: an idle answer`,
    };
  }
  if (event.from.startsWith("balancer:")) {
    return {
      label: `No answer: ${event.label}`,
      sentence: `${server} answers in the server's place (${event.label}): ${event.info?.reason ?? "it cannot be reached"}`,
    };
  }
  const verb = event.outcome === "error" ? "refuses" : "answers";
  return {
    label: event.outcome === "error" ? `Refused: ${event.label}` : `Answer: ${event.label}`,
    sentence: `${server} ${verb} ${who}${waited}: ${event.label}`,
  };
}

function openWords(event: TraceEvent): Words {
  const [from, to] = [shortNameOf(event.from), shortNameOf(event.to)];
  return to === "the broker"
    ? { label: "Connect", sentence: `${from} connects to the broker` }
    : { label: "Connect", sentence: `${from} opens a socket to ${to}, which stays open` };
}

function closeWords(event: TraceEvent): Words {
  const { closedBy, reason } = event.info ?? {};
  const by = closedBy === undefined ? "" : `, ended by the ${closedBy}`;
  return {
    label: "Connection closed",
    sentence: `the connection of ${shortNameOf(event.from)} and ${shortNameOf(event.to)} is over${by}${reason === undefined ? "" : ` (${reason})`}`,
  };
}

function brokerWords(event: TraceEvent): Words {
  const { command = "", channel, receivers, setup, heartbeat } = event.info ?? {};
  if (event.kind === "redis.push") {
    const on = channel === undefined ? "" : ` on ${channel}`;
    return { label: "Notify", sentence: `the broker pushes what was published${on} to the server` };
  }
  if (event.kind === "redis.reply") {
    if (receivers === undefined) return says(event);
    const count = receivers === 1 ? "1 subscriber" : `${receivers} subscribers`;
    return { label: `${count} told`, sentence: `the broker says that it passed it on to ${count}` };
  }
  if (command === "PUBLISH") {
    return {
      label: "Publish",
      sentence: `the server publishes on ${channel ?? "a channel"}: the broker tells whoever subscribed, and keeps nothing`,
    };
  }
  if (heartbeat)
    return { label: "Are you there?", sentence: "the server asks whether the broker is there" };
  if (setup)
    return { label: `Set up: ${command}`, sentence: `the server sets up its link: ${event.label}` };
  return { label: event.label, sentence: `the server asks the broker: ${event.label}` };
}

function says(event: TraceEvent): Words {
  return {
    label: event.label,
    sentence: `${shortNameOf(event.from)} says to ${shortNameOf(event.to)}: ${event.label}`,
  };
}

function pathOf({ info, label }: TraceEvent): string {
  return info?.path?.split("?", 1)[0] ?? label;
}
