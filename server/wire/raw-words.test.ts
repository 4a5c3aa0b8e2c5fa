import { encode } from "notepack.io";
import { describe, expect, it } from "vitest";
import type { EventKind } from "../../shared/trace/event.ts";
import { escaped, rawHop } from "./raw-words.ts";
import { client, server } from "./testing/postgres-bytes.ts";

function decoded(kind: EventKind, bytes: Buffer): string | undefined {
  return rawHop(1, { kind, bytes, truncated: false }).decoded;
}

function publish(channel: string, payload: Buffer): Buffer {
  const head = `*3\r\n$7\r\nPUBLISH\r\n$${channel.length}\r\n${channel}\r\n$${payload.length}\r\n`;
  return Buffer.concat([Buffer.from(head), payload, Buffer.from("\r\n")]);
}

describe("raw hops for people", () => {
  it("TR11 shows text as text and the rest with escapes", () => {
    expect(escaped(Buffer.from("GET / HTTP/1.1\r\nHost: é\r\n\r\n\0"))).toBe(
      "GET / HTTP/1.1\nHost: é\n\n\\x00",
    );
    expect(escaped(Buffer.from([0x50, 0xff, 0x0a, 0xc3]))).toBe("P\\xff\n\\xc3");
  });

  it("TR11 prints a JSON body on several lines", () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"messages":[]}');
    expect(decoded("http.response", bytes)).toBe('{\n  "messages": []\n}');
    expect(
      decoded("http.response", Buffer.from("HTTP/1.1 204 No Content\r\n\r\n")),
    ).toBeUndefined();
  });

  it("TR11 decodes packets and what replicas publish, in both encodings", () => {
    expect(decoded("packet", Buffer.from('42["message",{"id":1}]'))).toContain('"message"');
    const json = publish("messages:lobby", Buffer.from('{"id":42}'));
    expect(decoded("redis.command", json)).toBe('{\n  "id": 42\n}');
    const packed = encode([
      "uid",
      { type: 2, data: ["message", { id: 42 }], nsp: "/" },
      {},
    ]) as Buffer;
    expect(decoded("redis.command", publish("socket.io#/#lobby#", packed))).toContain('"id": 42');
  });

  it("TR11 shows a statement with its parameters, and the rows of a result", () => {
    const statement = Buffer.concat([
      client.parse("append", "INSERT INTO messages VALUES ($1, $2)"),
      client.bind("append", ["lunch?", null]),
      client.execute(),
      client.sync(),
    ]);
    expect(decoded("sql.statement", statement)).toBe(
      "INSERT INTO messages VALUES ($1, $2)\nstatement append\n$1 = lunch?\n$2 = NULL",
    );
    const result = Buffer.concat([
      server.columns("id"),
      server.row("42"),
      server.complete("INSERT 0 1"),
    ]);
    expect(decoded("sql.result", result)).toBe("42\nINSERT 0 1");
  });

  it("TR11 has no decoded twin of a part, or of what it cannot read", () => {
    const bytes = Buffer.from("*9\r\n$1\r\n");
    expect(decoded("redis.push", bytes)).toBeUndefined();
    expect(rawHop(7, { kind: "packet", bytes: Buffer.from("42[]"), truncated: true })).toEqual({
      seq: 7,
      text: "42[]",
      truncated: true,
    });
  });
});
