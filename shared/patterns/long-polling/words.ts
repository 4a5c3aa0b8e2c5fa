/** Plain words for the hops of long polling: a label for the arrow, a sentence for the inspector. */
import type { TraceEvent } from "../../trace/event.ts";
import { durationWords, messagesWords, nameOf } from "../names.ts";
import { tapWords, type Words } from "../tap-words.ts";

/** `waitedMs`: how long the request had waited, for answers, where the reader knows it. */
export function longPollingWords(event: TraceEvent, waitedMs?: number): Words {
  switch (event.kind) {
    case "http.request":
      return requestWords(event);
    case "http.response":
      return responseWords(event, waitedMs);
    case "socket.close":
      return closeWords(event);
    default:
      return (
        tapWords(event) ?? {
          label: event.label,
          sentence: `${nameOf(event.from)} → ${nameOf(event.to)}: ${event.label}`,
        }
      );
  }
}

function requestWords(event: TraceEvent): Words {
  const who = nameOf(event.from);
  const replica = nameOf(event.to);
  const { poll, after, method, text } = event.info ?? {};
  if (poll) {
    return {
      label: "Request new messages",
      sentence:
        after === undefined
          ? `${who} asks ${replica} for messages without saying what it has, so it gets all there are`
          : `${who} asks ${replica} for what came after message ${after}, and is ready to wait`,
    };
  }
  if (method === "POST") {
    const what = text === undefined ? "a message" : `“${text}”`;
    return { label: `Send ${what}`, sentence: `${who} sends ${what} through ${replica}` };
  }
  return { label: `Ask: ${event.label}`, sentence: `${who} asks ${replica}: ${event.label}` };
}

function responseWords(event: TraceEvent, waitedMs: number | undefined): Words {
  const replica = nameOf(event.from);
  const who = nameOf(event.to);
  const waited = waitedMs === undefined ? undefined : durationWords(waitedMs);
  switch (event.outcome) {
    case "idle":
      return {
        label: "Respond with empty array",
        sentence: `nothing was said${waited ? ` for ${waited}` : " until the poll timeout"}, so ${replica} answered ${who} with no messages`,
      };
    case "messages": {
      const what = messagesWords(event.messageIds);
      return {
        label: `Respond with ${what}`,
        sentence: `${replica} gives ${what} to ${who}${waited ? `, which had waited ${waited}` : ""}`,
      };
    }
    case "created":
      return {
        label: `Accepted as ${messagesWords(event.messageIds)}`,
        sentence: `${replica} tells ${who} that the message is stored: it is ${messagesWords(event.messageIds)}`,
      };
    case "error":
      return errorWords(event, replica, who);
    default:
      return {
        label: `Answer: ${event.label}`,
        sentence: `${replica} answers ${who}: ${event.label}`,
      };
  }
}

function errorWords(event: TraceEvent, replica: string, who: string): Words {
  if (event.info?.status === 409) {
    return {
      label: "You are ahead of me",
      sentence: `${replica} tells ${who} that its cursor is beyond the newest message, and where that is`,
    };
  }
  return {
    label: `Refused: ${event.label}`,
    sentence: `${replica} refuses ${who}: ${event.label}`,
  };
}

function closeWords(event: TraceEvent): Words {
  if (event.info?.closedBy === "client") {
    return {
      label: "Client left",
      sentence: `${nameOf(event.from)} left while it waited; its place at the replica is freed at once`,
    };
  }
  return {
    label: "Connection closed",
    sentence: `the connection between ${nameOf(event.from)} and ${nameOf(event.to)} was closed`,
  };
}
