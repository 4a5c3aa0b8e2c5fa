/**
 * What one Redis command is, in words and facts, with secrets blanked. Pure.
 */
import type { EventInfo } from "../../../../shared/trace/event.ts";
import type { HopDraft } from "../unit.ts";
import type { PayloadReader } from "./chat-payload.ts";
import { shorten } from "./chat-words.ts";

export interface RedisCommand {
  name: string;
  /** Replies it is answered with: one, but one a channel for subscriptions; unknown is Infinity. */
  replies: number;
  /** Subscribing changes what may come back on the connection. */
  subscribes: boolean;
  /** Its reply may hold a secret. */
  secret: boolean;
  draft: HopDraft;
}

const SETUP = new Set([
  "HELLO",
  "AUTH",
  "CLIENT",
  "INFO",
  "SELECT",
  "COMMAND",
  "SUBSCRIBE",
  "PSUBSCRIBE",
  "UNSUBSCRIBE",
  "PUNSUBSCRIBE",
  "SSUBSCRIBE",
  "SUNSUBSCRIBE",
  "QUIT",
  "RESET",
  "CONFIG",
  "ACL",
]);
const SUBSCRIPTIONS = new Set([
  "SUBSCRIBE",
  "PSUBSCRIBE",
  "SSUBSCRIBE",
  "UNSUBSCRIBE",
  "PUNSUBSCRIBE",
  "SUNSUBSCRIBE",
]);
/** Commands whose arguments or replies are settings and secrets of the server. */
const GUARDED = new Set(["CONFIG", "ACL"]);
/** Commands with a subcommand worth its place in the label. */
const CONTAINERS = new Set(["CLIENT", "PUBSUB", "CONFIG", "ACL", "COMMAND", "XGROUP", "SCRIPT"]);
/** A command may have tens of thousands. */
const MAX_SHOWN_WORDS = 9;
const BLANK = Buffer.from("***");

export function readCommand(args: Buffer[], bytes: Buffer, read: PayloadReader): RedisCommand {
  const name = shorten(args[0]?.toString().toUpperCase() ?? "", 32);
  const shown = blankSecrets(name, args);
  const words = shown
    .slice(0, MAX_SHOWN_WORDS)
    .map((word) => shorten(word.toString("utf8", 0, 200), 64));
  const info: EventInfo = { command: name };
  if (SETUP.has(name)) info.setup = true;
  if (name === "PING") info.heartbeat = true;
  const subscription = SUBSCRIPTIONS.has(name);
  if (subscription && words.length > 1) info.channel = words.slice(1).join(" ");
  const draft: HopDraft = {
    kind: "redis.command",
    label: shorten(label(name, words, args.length), 64),
    bytes: bytes.length,
    info,
  };
  if (name === "PUBLISH" || name === "SPUBLISH") describePublish(draft, info, args, read);
  return {
    name,
    replies: subscription ? args.length - 1 || Number.POSITIVE_INFINITY : 1,
    subscribes: subscription,
    secret: GUARDED.has(name),
    draft: { ...draft, raw: [shown === args ? bytes : encode(shown)] },
  };
}

function describePublish(
  draft: HopDraft,
  info: EventInfo,
  args: Buffer[],
  read: PayloadReader,
): void {
  const [, channel, payload] = args;
  if (!channel || !payload) return;
  info.channel = channel.toString("utf8", 0, 200);
  const facts = read(info.channel, payload);
  if (facts.messageIds) draft.messageIds = facts.messageIds;
  if (facts.traceId !== undefined) draft.traceId = facts.traceId;
}

function label(name: string, words: string[], count: number): string {
  if (name === "") return "empty command";
  if (name === "AUTH") return name;
  if (CONTAINERS.has(name)) return [name, words[1]?.toUpperCase(), words[2]].join(" ").trim();
  const shown = SUBSCRIPTIONS.has(name) ? words.slice(1, 4) : words.slice(1, 2);
  const more = SUBSCRIPTIONS.has(name) && count > 4 ? ` +${count - 4}` : "";
  return [name, ...shown].join(" ") + more;
}

/** `AUTH …`, `HELLO 3 AUTH user …`, `MIGRATE … AUTH …`, `CONFIG SET …`, `ACL …`. */
function blankSecrets(name: string, args: Buffer[]): Buffer[] {
  if (name === "AUTH") return blankFrom(args, 1);
  if (GUARDED.has(name)) return blankFrom(args, 2);
  if (name !== "HELLO" && name !== "MIGRATE") return args;
  const auth = args.findIndex((word, at) => at > 0 && /^AUTH2?$/i.test(word.toString("latin1")));
  return auth < 0 ? args : blankFrom(args, auth + 1);
}

function blankFrom(args: Buffer[], first: number): Buffer[] {
  return args.map((word, at) => (at < first ? word : BLANK));
}

function encode(args: Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const word of args)
    parts.push(Buffer.from(`$${word.length}\r\n`), word, Buffer.from("\r\n"));
  return Buffer.concat(parts);
}
