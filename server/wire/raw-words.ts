/**
 * Raw bytes for people: as text with escapes, and a decoded twin where the protocol hides the
 * content (JSON on one line, MessagePack, SQL parameters). Done when asked, never on the way.
 */
import type { EventKind } from "../../shared/trace/event.ts";
import { PgFramer, type PgPart, PgReader } from "../protocols/postgres.ts";
import { parseRequest, parseResp, respText } from "../protocols/resp.ts";
import type { RawHop } from "./contract.ts";
import type { RawBytes } from "./raw-store.ts";
import { payloadAsJson } from "./tap/decoders/chat-payload.ts";
import { deliveredOf } from "./tap/decoders/redis-reply.ts";

export function rawHop(seq: number, raw: RawBytes): RawHop {
  const decoded = raw.truncated ? undefined : decode(raw.kind, raw.bytes);
  return {
    seq,
    text: escaped(raw.bytes),
    truncated: raw.truncated,
    ...(decoded !== undefined && { decoded }),
  };
}

/** Line breaks and tabs stay; other control characters and bytes that are no UTF-8 become `\xNN`. */
export function escaped(bytes: Buffer): string {
  const text = bytes.toString();
  const shown = Buffer.from(text).equals(bytes) ? text : bytes.toString("latin1");
  const hidden = shown === text ? /[^\P{Cc}\t\n]/gu : /[^\x20-\x7e\t\n]/g;
  return shown
    .replaceAll("\r\n", "\n")
    .replace(hidden, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

const DECODED: Partial<Record<EventKind, (bytes: Buffer) => string | undefined>> = {
  "http.request": (bytes) => json(bodyOf(bytes)),
  "http.response": (bytes) => json(bodyOf(bytes)),
  packet: (bytes) => json(bytes.toString().replace(/^[^[{]*/s, "")),
  "redis.command": (bytes) => {
    const [name, channel, payload] = parseRequest(bytes);
    return name && /^s?publish$/i.test(name.toString())
      ? pretty(channel?.toString(), payload)
      : undefined;
  },
  "redis.push": (bytes) => {
    const value = parseResp(bytes);
    const items = value.type === "push" || value.type === "array" ? value.items : [];
    const delivered = deliveredOf(items);
    return delivered ? pretty(delivered.channel, delivered.payload) : undefined;
  },
  "redis.reply": (bytes) => respText(parseResp(bytes)),
  "sql.statement": (bytes) => sqlParts(bytes).flatMap(statementLine).join("\n") || undefined,
  "sql.result": (bytes) => sqlParts(bytes).flatMap(resultLine).join("\n") || undefined,
};

function decode(kind: EventKind, bytes: Buffer): string | undefined {
  try {
    return DECODED[kind]?.(bytes);
  } catch {
    return undefined; // a part of a hop, or a stranger's encoding: the text is all there is
  }
}

function bodyOf(bytes: Buffer): string {
  const head = bytes.indexOf("\r\n\r\n");
  return head < 0 ? "" : bytes.toString("utf8", head + 4);
}

function json(text: string): string | undefined {
  return text === "" ? undefined : JSON.stringify(JSON.parse(text), null, 2);
}

function pretty(channel: string | undefined, payload: Buffer | undefined): string | undefined {
  if (channel === undefined || payload === undefined) return undefined;
  const value = payloadAsJson(channel, payload);
  return value === undefined ? undefined : JSON.stringify(value, null, 2);
}

function sqlParts(bytes: Buffer): PgPart[] {
  const parts: PgPart[] = [];
  new PgFramer("typed").push(bytes, (part) => parts.push(part));
  return parts;
}

function statementLine(part: PgPart): string[] {
  const reader = new PgReader(part);
  if (part.type === "Q") return [reader.text().trim()];
  if (part.type === "P") {
    reader.text();
    return [reader.text().trim()];
  }
  if (part.type !== "B") return [];
  reader.text();
  const name = reader.text();
  for (let formats = reader.int16(); formats > 0; formats--) reader.int16();
  const values = readValues(reader).map((value, at) => `$${at + 1} = ${value}`);
  return name === "" ? values : [`statement ${name}`, ...values];
}

function resultLine(part: PgPart): string[] {
  const reader = new PgReader(part);
  if (part.type === "D") return [readValues(reader).join(" | ")];
  return part.type === "C" ? [reader.text()] : [];
}

function readValues(reader: PgReader): string[] {
  const values: string[] = [];
  for (let count = reader.int16(); count > 0 && !reader.atEnd; count--) {
    const value = reader.value();
    values.push(value === null ? "NULL" : escaped(value));
  }
  return values;
}
