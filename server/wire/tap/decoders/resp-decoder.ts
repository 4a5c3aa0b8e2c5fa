/**
 * The broker link, decoded: commands from the replica; replies, matched to them first in first out;
 * and pushes apart from both. In RESP3 a push says so itself; in RESP2 it is an array that a
 * connection which subscribed to something gets.
 */
import {
  parseRequest,
  parseResp,
  RespFramer,
  type RespUnit,
  type RespValue,
  respText,
} from "../../../protocols/resp.ts";
import type { ConnectionDecoder, HopDraft, Mark, Unit } from "../unit.ts";
import type { PayloadReader } from "./chat-payload.ts";
import { type RedisCommand, readCommand } from "./redis-command.ts";
import { confirmationOf, deliveredOf, pushDraft, replyLabel } from "./redis-reply.ts";

/** A command whose replies have not all come. */
interface Pending {
  command: RedisCommand;
  mark: Mark;
  repliesLeft: number;
  answered: boolean;
}

const MAX_PENDING = 100_000;
const MAX_KEPT_BYTES = 256 * 1024;

export function createRespDecoder(read: PayloadReader): ConnectionDecoder {
  const connection = new RespConnection(read);
  const requests = new RespFramer({ role: "requests", maxKeptBytes: MAX_KEPT_BYTES });
  const replies = new RespFramer({ role: "replies", maxKeptBytes: MAX_KEPT_BYTES });
  return {
    requests: { push: (chunk) => decoded(requests, chunk, (unit) => connection.command(unit)) },
    replies: { push: (chunk) => decoded(replies, chunk, (unit) => connection.reply(unit)) },
  };
}

function decoded(framer: RespFramer, chunk: Buffer, describe: (unit: RespUnit) => Unit): Unit[] {
  const units: Unit[] = [];
  framer.push(chunk, (unit) => units.push(describe(unit)));
  return units;
}

class RespConnection {
  readonly #read: PayloadReader;
  readonly #pending: Pending[] = [];
  #subscribed = false;

  constructor(read: PayloadReader) {
    this.#read = read;
  }

  command(unit: RespUnit): Unit {
    // What is too long to keep is too long to look for secrets in: only its size is told.
    const args = unit.truncated ? [] : parseRequest(unit.bytes);
    if (args.length === 0 && !unit.truncated) return { length: unit.length };
    if (this.#pending.length >= MAX_PENDING) throw new Error("too many commands without reply");
    const command = unit.truncated ? oversized(unit) : readCommand(args, unit.bytes, this.#read);
    const mark: Mark = {};
    this.#pending.push({ command, mark, repliesLeft: command.replies, answered: false });
    this.#subscribed ||= command.subscribes;
    return { length: unit.length, hop: { ...command.draft, mark } };
  }

  reply(unit: RespUnit): Unit {
    const value = unit.truncated ? undefined : parseResp(unit.bytes);
    return { length: unit.length, hop: this.#describe(unit, value) };
  }

  #describe(unit: RespUnit, value: RespValue | undefined): HopDraft {
    if (!value && beginsAsPush(unit.bytes, this.#subscribed)) {
      return { kind: "redis.push", label: `push of ${unit.length} bytes`, bytes: unit.length };
    }
    if (value?.type === "push" || (value?.type === "array" && this.#subscribed)) {
      const delivered = deliveredOf(value.items);
      if (delivered) return { ...pushDraft(delivered, unit.length, this.#read), raw: [unit.bytes] };
      const confirmed = confirmationOf(value.items);
      if (confirmed !== undefined) return this.#confirmation(unit, confirmed, value.items);
      if (value.type === "push") {
        return { kind: "redis.push", label: "push", bytes: unit.length, raw: [unit.bytes] };
      }
    }
    return this.#answer(unit, value);
  }

  #confirmation(unit: RespUnit, label: string, items: readonly RespValue[]): HopDraft {
    this.#passAnswered(respText(items[0]));
    const front = this.#pending[0];
    const asked = front?.command.subscribes ? front : undefined;
    if (asked) this.#settle(asked, asked.repliesLeft === Infinity && isLastOfAll(items));
    return {
      kind: "redis.reply",
      label,
      bytes: unit.length,
      info: { setup: true },
      raw: [unit.bytes],
      ...(asked && { causes: [asked.mark] }),
    };
  }

  #answer(unit: RespUnit, value: RespValue | undefined): HopDraft {
    this.#passAnswered(undefined);
    const asked = this.#pending[0];
    if (asked) this.#settle(asked, value?.type === "error");
    const name = asked?.command.name;
    const draft: HopDraft = {
      kind: "redis.reply",
      label: value ? replyLabel(value, name, asked?.command.secret) : `${unit.length} bytes`,
      bytes: unit.length,
    };
    if (asked) {
      const { setup, heartbeat, channel, command = "" } = asked.command.draft.info ?? {};
      draft.info = { command, ...(setup && { setup }), ...(heartbeat && { heartbeat }) };
      if (channel !== undefined) draft.info.channel = channel;
      if (value?.type === "integer" && name === "PUBLISH") draft.info.receivers = value.value;
      draft.causes = [asked.mark];
      const { traceId, messageIds } = asked.command.draft;
      if (traceId !== undefined) draft.traceId = traceId;
      if (messageIds) draft.messageIds = messageIds;
    }
    if (value?.type === "error" || value?.type === "bulk-error") draft.outcome = "error";
    // What nobody is known to have asked for may be anything.
    if (asked && !asked.command.secret) draft.raw = [unit.bytes];
    return draft;
  }

  /** `UNSUBSCRIBE` without channels may be answered any number of times: it is over when another reply comes. */
  #passAnswered(confirms: string | undefined): void {
    const front = this.#pending[0];
    if (front?.repliesLeft !== Infinity || !front.answered) return;
    if (confirms?.toUpperCase() !== front.command.name) this.#pending.shift();
  }

  #settle(pending: Pending, all: boolean): void {
    pending.answered = true;
    pending.repliesLeft = all ? 0 : pending.repliesLeft - 1;
    if (pending.repliesLeft <= 0) this.#pending.shift();
  }
}

/** `UNSUBSCRIBE` without channels is answered once for each that was there, the last with 0 left. */
function isLastOfAll(items: readonly RespValue[]): boolean {
  const [, channel, left] = items;
  return channel?.type === "null" || (left?.type === "integer" && left.value === 0);
}

/** Of a push too large to keep there is the beginning. */
function beginsAsPush(bytes: Buffer, subscribed: boolean): boolean {
  const text = bytes.toString("latin1", 0, 32);
  return text.startsWith(">") || (subscribed && /^\*\d\r\n\$\d\r\n[ps]?message\r\n/.test(text));
}

function oversized(unit: RespUnit): RedisCommand {
  const draft: HopDraft = {
    kind: "redis.command",
    label: `command of ${unit.length} bytes`,
    bytes: unit.length,
    info: { command: "" },
  };
  return { name: "", replies: 1, subscribes: false, secret: true, draft };
}
