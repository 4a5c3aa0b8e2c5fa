/**
 * Plain words for the hops behind the replicas, the same for every pattern: what is said to the
 * broker and to the database, and what they say back.
 */
import type { TraceEvent } from "../trace/event.ts";
import { messagesWords, nameOf } from "./names.ts";

export interface Words {
  /** For an arrow: `Notify on new message`. */
  label: string;
  /** One sentence, without its first capital and its full stop. */
  sentence: string;
}

export function tapWords(event: TraceEvent): Words | undefined {
  switch (event.kind) {
    case "redis.command":
      return commandWords(event);
    case "redis.reply":
      return replyWords(event);
    case "redis.push":
      return pushWords(event);
    case "sql.statement":
      return statementWords(event);
    case "sql.result":
      return resultWords(event);
    case "raw":
      return {
        label: "Bytes that could not be read",
        sentence: `${event.bytes} bytes went from ${nameOf(event.from)} to ${nameOf(event.to)} that no decoder could read`,
      };
    default:
      return undefined;
  }
}

function commandWords(event: TraceEvent): Words {
  const who = nameOf(event.from);
  const { command = "", heartbeat } = event.info ?? {};
  if (command === "PUBLISH") {
    const what = event.messageIds ? messagesWords(event.messageIds) : "a note of its adapter";
    return {
      label: `Publish ${what}`,
      sentence: `${who} publishes ${what}: the broker tells every replica that subscribed, and keeps nothing`,
    };
  }
  if (/^P?SUBSCRIBE$/.test(command)) {
    return {
      label: "Subscribe for new messages",
      sentence: `${who} subscribes: from now on the broker tells it what the others publish`,
    };
  }
  if (heartbeat) {
    return { label: "Are you there?", sentence: `${who} asks whether the broker is there` };
  }
  return {
    label: `Set up: ${command}`,
    sentence: `${who} sets up its connection to the broker (${command})`,
  };
}

function replyWords(event: TraceEvent): Words {
  const { command = "", receivers, heartbeat } = event.info ?? {};
  if (receivers !== undefined) {
    const count = receivers === 1 ? "1 subscriber" : `${receivers} subscribers`;
    return {
      label: `${count} told`,
      sentence: `the broker says that it passed it on to ${count}`,
    };
  }
  if (heartbeat) return { label: "Yes", sentence: "the broker is there" };
  return {
    label: `Answer to ${command}`,
    sentence: `the broker answers ${command}: ${event.label}`,
  };
}

function pushWords(event: TraceEvent): Words {
  const to = nameOf(event.to);
  if (event.info?.setup) {
    return { label: "Subscribed", sentence: `the broker confirms the subscription of ${to}` };
  }
  if (!event.messageIds) {
    return { label: "Notify", sentence: `the broker passes a note of the adapter on to ${to}` };
  }
  const what = messagesWords(event.messageIds);
  return { label: `Notify: ${what}`, sentence: `the broker tells ${to} about ${what}` };
}

function statementWords(event: TraceEvent): Words {
  const who = nameOf(event.from);
  const { statement = event.label, text, after, setup, heartbeat } = event.info ?? {};
  if (statement.startsWith("INSERT")) {
    const what = text === undefined ? "a message" : `“${text}”`;
    return {
      label: `Store ${what}`,
      sentence: `${who} stores ${what}: the broker keeps nothing, so the database must`,
    };
  }
  if (after !== undefined) {
    return {
      label: `Look up what came after ${after}`,
      sentence: `${who} asks the database for what came after message ${after}`,
    };
  }
  if (setup) return { label: "Set up", sentence: `${who} sets up its connection to the database` };
  if (heartbeat) {
    return { label: "Are you there?", sentence: `${who} asks whether the database is there` };
  }
  return { label: "Ask the database", sentence: `${who} asks the database: ${event.label}` };
}

function resultWords(event: TraceEvent): Words {
  const to = nameOf(event.to);
  if (event.label.startsWith("error")) {
    return {
      label: "It failed",
      sentence: `the database refuses what ${to} asked: ${event.label}`,
    };
  }
  const { statement = "", rows = 0 } = event.info ?? {};
  if (statement.startsWith("INSERT") && event.messageIds) {
    const what = messagesWords(event.messageIds);
    return { label: `Stored as ${what}`, sentence: `the database stored it; it is ${what} now` };
  }
  if (event.messageIds) {
    const what = messagesWords(event.messageIds);
    return { label: `Found ${what}`, sentence: `the database gives ${what} to ${to}` };
  }
  return {
    label: rows === 0 ? "Nothing found" : `${rows} rows`,
    sentence: `the database answers ${to}: ${event.label}`,
  };
}
