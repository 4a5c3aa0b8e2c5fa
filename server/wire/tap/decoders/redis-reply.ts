/**
 * What one thing the broker said is: a reply to a command, a confirmation of a subscription, or a
 * push that no command asked for. Pure.
 */
import { type RespValue, respText } from "../../../protocols/resp.ts";
import type { HopDraft } from "../unit.ts";
import type { PayloadReader } from "./chat-payload.ts";
import { shorten } from "./chat-words.ts";
import { counted } from "./words.ts";

/** `[p|s]message` on a channel. */
export interface Delivered {
  channel: string;
  payload: Buffer;
}

export function deliveredOf(items: readonly RespValue[]): Delivered | undefined {
  const kind = respText(items[0]);
  if (kind !== "message" && kind !== "pmessage" && kind !== "smessage") return undefined;
  const [channel, payload] = items.slice(kind === "pmessage" ? 2 : 1);
  const name = respText(channel);
  if (name === undefined || payload?.type !== "bulk") return undefined;
  return { channel: name, payload: payload.bytes };
}

const CONFIRMED: Record<string, string> = {
  subscribe: "subscribed",
  psubscribe: "subscribed",
  ssubscribe: "subscribed",
  unsubscribe: "unsubscribed",
  punsubscribe: "unsubscribed",
  sunsubscribe: "unsubscribed",
};

/** `subscribed messages:*`, for the replies that (un)subscribing is answered with. */
export function confirmationOf(items: readonly RespValue[]): string | undefined {
  const kind = respText(items[0]);
  const done = kind === undefined || !Object.hasOwn(CONFIRMED, kind) ? undefined : CONFIRMED[kind];
  if (done === undefined || items.length !== 3) return undefined;
  return `${done} ${shorten(respText(items[1]) ?? "nothing", 64)}`;
}

export function pushDraft(delivered: Delivered, bytes: number, read: PayloadReader): HopDraft {
  const facts = read(delivered.channel, delivered.payload);
  return {
    kind: "redis.push",
    label: `push ${facts.short ?? shorten(delivered.channel, 64)}`,
    bytes,
    info: { channel: delivered.channel.slice(0, 200) },
    ...(facts.messageIds && { messageIds: facts.messageIds }),
    ...(facts.traceId !== undefined && { traceId: facts.traceId }),
  };
}

/** One short line for a reply to `command`; of one that may be a secret only its size. */
export function replyLabel(
  value: RespValue,
  command: string | undefined,
  secret: boolean | undefined,
): string {
  switch (value.type) {
    case "integer":
      return command === "PUBLISH" || command === "SPUBLISH"
        ? counted(value.value, "receiver")
        : String(value.value);
    case "null":
      return "nothing";
    case "map":
      return command === "HELLO" ? "hello" : counted(value.entries.length, "entry", "entries");
    case "array":
    case "set":
    case "push":
      return command === "PING" ? "PONG" : counted(value.items.length, "item");
    case "bulk":
    case "verbatim":
      return secret || value.bytes.length > 64
        ? counted(value.bytes.length, "byte")
        : shorten(respText(value) ?? "");
    default:
      return shorten(respText(value) ?? "", 80);
  }
}
