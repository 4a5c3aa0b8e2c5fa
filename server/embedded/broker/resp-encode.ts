/**
 * What the embedded broker says, as bytes, in the protocol version the client has chosen.
 * RESP2 has no maps, pushes, booleans or verbatim strings: it gets the nearest thing, as from
 * Redis. The reading side is `server/protocols/resp.ts`.
 */
import type { RespValue } from "../../protocols/resp.ts";

export type Protocol = 2 | 3;

export const OK: RespValue = { type: "simple", text: "OK" };
export const NIL: RespValue = { type: "null" };

export function simple(text: string): RespValue {
  return { type: "simple", text };
}

/** `text` begins with the error's code: `ERR …`. */
export function error(text: string): RespValue {
  return { type: "error", text };
}

export function integer(value: number): RespValue {
  return { type: "integer", value };
}

/** A string's characters are bytes (latin1), as channel names are kept; text goes in as a Buffer. */
export function bulk(content: string | Buffer): RespValue {
  return {
    type: "bulk",
    bytes: typeof content === "string" ? Buffer.from(content, "latin1") : content,
  };
}

export function array(items: RespValue[]): RespValue {
  return { type: "array", items };
}

export function push(items: RespValue[]): RespValue {
  return { type: "push", items };
}

export function map(entries: [string, RespValue][]): RespValue {
  return { type: "map", entries: entries.map(([key, value]) => [bulk(key), value]) };
}

export function verbatim(text: string): RespValue {
  return { type: "verbatim", format: "txt", bytes: Buffer.from(text) };
}

export function encode(value: RespValue, protocol: Protocol): Buffer {
  const pieces: Buffer[] = [];
  write(value, protocol, pieces);
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

function write(value: RespValue, protocol: Protocol, pieces: Buffer[]): void {
  switch (value.type) {
    case "simple":
      pieces.push(Buffer.from(`+${value.text}\r\n`));
      return;
    case "error":
      pieces.push(Buffer.from(`-${value.text}\r\n`));
      return;
    case "big-number":
      if (protocol === 3) pieces.push(Buffer.from(`(${value.text}\r\n`));
      else writeBulk("$", Buffer.from(value.text), pieces);
      return;
    case "bulk":
      writeBulk("$", value.bytes, pieces);
      return;
    case "bulk-error":
      writeBulk(protocol === 3 ? "!" : "$", value.bytes, pieces);
      return;
    case "verbatim":
      if (protocol === 2) writeBulk("$", value.bytes, pieces);
      else writeBulk("=", Buffer.concat([Buffer.from(`${value.format}:`), value.bytes]), pieces);
      return;
    case "integer":
      pieces.push(Buffer.from(`:${value.value}\r\n`));
      return;
    case "double":
      if (protocol === 3) pieces.push(Buffer.from(`,${value.value}\r\n`));
      else writeBulk("$", Buffer.from(String(value.value)), pieces);
      return;
    case "boolean":
      pieces.push(
        Buffer.from(
          protocol === 3 ? `#${value.value ? "t" : "f"}\r\n` : `:${value.value ? 1 : 0}\r\n`,
        ),
      );
      return;
    case "null":
      pieces.push(Buffer.from(protocol === 3 ? "_\r\n" : "$-1\r\n"));
      return;
    case "array":
    case "set":
    case "push": {
      const mark = protocol === 3 ? { array: "*", set: "~", push: ">" }[value.type] : "*";
      pieces.push(Buffer.from(`${mark}${value.items.length}\r\n`));
      for (const item of value.items) write(item, protocol, pieces);
      return;
    }
    case "map":
      pieces.push(
        Buffer.from(
          protocol === 3 ? `%${value.entries.length}\r\n` : `*${2 * value.entries.length}\r\n`,
        ),
      );
      for (const [key, item] of value.entries) {
        write(key, protocol, pieces);
        write(item, protocol, pieces);
      }
      return;
    default:
      value satisfies never;
  }
}

const CRLF = Buffer.from("\r\n");

function writeBulk(mark: "$" | "!" | "=", bytes: Buffer, pieces: Buffer[]): void {
  pieces.push(Buffer.from(`${mark}${bytes.length}\r\n`), bytes, CRLF);
}
