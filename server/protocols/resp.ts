/**
 * RESP2 and RESP3, the protocol between a replica and the broker, read from bytes.
 * `RespFramer` finds the units in a stream; `parseResp` and `parseRequest` turn one whole unit into
 * values. Pure: no sockets, no state, nothing about what commands mean.
 */
import { RespError } from "./resp-framer.ts";

export { RespError, RespFramer, type RespUnit } from "./resp-framer.ts";

export type RespValue =
  | { type: "simple" | "error" | "big-number"; text: string }
  | { type: "bulk" | "bulk-error"; bytes: Buffer }
  | { type: "verbatim"; format: string; bytes: Buffer }
  | { type: "integer" | "double"; value: number }
  | { type: "boolean"; value: boolean }
  | { type: "null" }
  | { type: "array" | "set" | "push"; items: RespValue[] }
  | { type: "map"; entries: [RespValue, RespValue][] };

/** One whole reply or push. An attribute before a value is read and left out. */
export function parseResp(unit: Buffer): RespValue {
  const cursor = { bytes: unit, at: 0 };
  const value = readValue(cursor, 0);
  if (cursor.at !== unit.length) throw new RespError("Protocol error: bytes after the value");
  return value;
}

/** The arguments of one whole command, inline or not; none for an empty line. */
export function parseRequest(unit: Buffer): Buffer[] {
  if (unit[0] !== 0x2a) return splitInline(unit.toString("latin1").replace(/\r?\n$/, ""));
  const value = parseResp(unit);
  if (value.type !== "array") return [];
  return value.items.map((item) => {
    if (item.type !== "bulk") throw new RespError("Protocol error: expected '$'");
    return item.bytes;
  });
}

/** Text of a string-like value; undefined for the others. */
export function respText(value: RespValue | undefined): string | undefined {
  switch (value?.type) {
    case "simple":
    case "error":
    case "big-number":
      return value.text;
    case "bulk":
    case "bulk-error":
    case "verbatim":
      return value.bytes.toString();
    case "integer":
    case "double":
    case "boolean":
      return String(value.value);
    default:
      return undefined;
  }
}

interface Cursor {
  bytes: Buffer;
  at: number;
}

const MAX_DEPTH = 64;

function readValue(cursor: Cursor, depth: number): RespValue {
  if (depth > MAX_DEPTH) throw new RespError("Protocol error: too deep");
  const type = String.fromCharCode(cursor.bytes[cursor.at] ?? 0);
  const line = readLine(cursor);
  switch (type) {
    case "+":
      return { type: "simple", text: line };
    case "-":
      return { type: "error", text: line };
    case "(":
      return { type: "big-number", text: line };
    case ":":
      return { type: "integer", value: readInteger(line) };
    case ",":
      return { type: "double", value: readDouble(line) };
    case "#":
      return { type: "boolean", value: readBoolean(line) };
    case "_":
      return { type: "null" };
    case "$":
    case "!":
    case "=":
      return readBulk(cursor, type, readInteger(line));
    case "*":
    case "~":
    case ">":
      return readItems(cursor, type, readInteger(line), depth);
    case "%":
      return { type: "map", entries: readEntries(cursor, readInteger(line), depth) };
    case "|":
      readEntries(cursor, readInteger(line), depth);
      return readValue(cursor, depth + 1);
    default:
      throw new RespError(`Protocol error: unknown type byte ${type.charCodeAt(0)}`);
  }
}

/** The line after the type byte, without its end. */
function readLine(cursor: Cursor): string {
  const end = cursor.bytes.indexOf(0x0a, cursor.at);
  if (end < 0) throw new RespError("Protocol error: a line has no end");
  const last = cursor.bytes[end - 1] === 0x0d ? end - 1 : end;
  const line = cursor.bytes.toString("latin1", cursor.at + 1, last);
  // Errors and simple strings may hold UTF-8; numbers never do.
  const text = /[\x80-\xff]/.test(line) ? Buffer.from(line, "latin1").toString() : line;
  cursor.at = end + 1;
  return text;
}

function readBulk(cursor: Cursor, type: "$" | "!" | "=", length: number): RespValue {
  if (length < 0) return { type: "null" };
  const end = cursor.at + length;
  if (cursor.bytes[end] !== 0x0d || cursor.bytes[end + 1] !== 0x0a) {
    throw new RespError("Protocol error: a bulk string does not end where it says");
  }
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end + 2;
  if (type === "$") return { type: "bulk", bytes };
  if (type === "!") return { type: "bulk-error", bytes };
  return { type: "verbatim", format: bytes.toString("latin1", 0, 3), bytes: bytes.subarray(4) };
}

const AGGREGATES = { "*": "array", "~": "set", ">": "push" } as const;

function readItems(cursor: Cursor, type: "*" | "~" | ">", count: number, depth: number): RespValue {
  if (count < 0) return { type: "null" };
  const items: RespValue[] = [];
  for (let i = 0; i < count; i++) items.push(readValue(cursor, depth + 1));
  return { type: AGGREGATES[type], items };
}

function readEntries(cursor: Cursor, count: number, depth: number): [RespValue, RespValue][] {
  const entries: [RespValue, RespValue][] = [];
  for (let i = 0; i < count; i++) {
    entries.push([readValue(cursor, depth + 1), readValue(cursor, depth + 1)]);
  }
  return entries;
}

function readInteger(line: string): number {
  if (!/^[+-]?\d{1,19}$/.test(line)) throw new RespError("Protocol error: bad number");
  return Number(line);
}

function readDouble(line: string): number {
  if (line === "inf" || line === "+inf") return Number.POSITIVE_INFINITY;
  if (line === "-inf") return Number.NEGATIVE_INFINITY;
  return line === "nan" ? Number.NaN : Number(line);
}

function readBoolean(line: string): boolean {
  if (line !== "t" && line !== "f") throw new RespError("Protocol error: bad boolean");
  return line === "t";
}

/**
 * Splits an inline command as Redis does: blanks between, "…" with escapes, '…' without. Blanks are
 * ASCII's: one of Unicode's may be a byte of a letter.
 */
function splitInline(line: string): Buffer[] {
  const words: Buffer[] = [];
  const word = /[ \t-\r]*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^ \t-\r"']+))(?=[ \t-\r]|$)/y;
  while (/[^ \t-\r]/.test(line.slice(word.lastIndex))) {
    const found = word.exec(line);
    if (!found) throw new RespError("Protocol error: unbalanced quotes in request");
    const [, double, single, plain] = found;
    const text = double?.replace(/\\(x[0-9a-fA-F]{2}|.)/g, unescapeInline);
    words.push(Buffer.from(text ?? single?.replaceAll("\\'", "'") ?? plain ?? "", "latin1"));
  }
  return words;
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

function unescapeInline(_all: string, code: string): string {
  if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return ESCAPES[code] ?? code;
}
