/** What must be refused, by both patterns alike. */
import { gzipSync } from "node:zlib";

const json = { "content-type": "application/json" };
const text = (value: string) => ({ headers: json, body: JSON.stringify({ message: value }) });

interface RefusedPost {
  what: string;
  query?: string;
  init: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> };
  status: number;
  code: string;
}

export const refusedPosts: RefusedPost[] = [
  { what: "no body", init: {}, status: 400, code: "no-body" },
  { what: "an empty body", init: { headers: json, body: "" }, status: 400, code: "no-body" },
  {
    what: "another content type",
    init: { headers: { "content-type": "text/plain" }, body: '{"message":"x"}' },
    status: 415,
    code: "wrong-content-type",
  },
  {
    what: "no content type",
    init: { body: new TextEncoder().encode('{"message":"x"}') },
    status: 415,
    code: "wrong-content-type",
  },
  {
    what: "broken JSON",
    init: { headers: json, body: '{"message":' },
    status: 400,
    code: "not-json",
  },
  {
    what: "an unknown charset",
    init: { headers: { "content-type": "application/json; charset=klingon" }, body: "{}" },
    status: 415,
    code: "wrong-content-type",
  },
  {
    what: "bytes that are no UTF-8",
    init: {
      headers: json,
      body: new Uint8Array([...Buffer.from('{"message":"'), 0xc3, 0x28, 0x22, 0x7d]),
    },
    status: 400,
    code: "not-json",
  },
  {
    what: "10 MB of text in a few KB of gzip",
    init: {
      headers: { ...json, "content-encoding": "gzip" },
      body: new Uint8Array(gzipSync(JSON.stringify({ message: "a".repeat(10_000_000) }))),
    },
    status: 413,
    code: "body-too-large",
  },
  {
    what: "JSON 30,000 levels deep",
    init: { headers: json, body: `{"message":${"[".repeat(30_000)}${"]".repeat(30_000)}}` },
    status: 400,
    code: "bad-text",
  },
  ...['{"__proto__":{"message":"x"}}', '{"constructor":{"message":"x"}}'].map((body) => ({
    what: `the JSON ${body}`,
    init: { headers: json, body },
    status: 400,
    code: "bad-text",
  })),
  ...["null", "[]", '"x"', "7", "{}", '{"message":7}', '{"message":null}', '{"message":["x"]}'].map(
    (body) => ({
      what: `the JSON ${body}`,
      init: { headers: json, body },
      status: 400,
      code: "bad-text",
    }),
  ),
  { what: "an empty text", init: text(""), status: 400, code: "bad-text" },
  { what: "a blank text", init: text(" \n\t\u00a0"), status: 400, code: "bad-text" },
  { what: "a NUL", init: text("a\0b"), status: 400, code: "bad-text" },
  { what: "4,097 bytes of text", init: text("a".repeat(4_097)), status: 400, code: "bad-text" },
  {
    what: "4,098 bytes in 2,049 characters",
    init: text("é".repeat(2_049)),
    status: 400,
    code: "bad-text",
  },
  {
    what: "a body over 64 KiB",
    init: text("a".repeat(70_000)),
    status: 413,
    code: "body-too-large",
  },
  ...["room=", "room=a%20b", "room=a/b", `room=${"a".repeat(65)}`, "room=a&room=b", "room=é"].map(
    (query) => ({ what: `?${query}`, query, init: text("x"), status: 400, code: "bad-room" }),
  ),
];

/** Queries of polls, and the code they are refused with. */
export const badPolls: [query: string, code: string][] = [
  ["after=-1", "bad-cursor"],
  ["after=1.5", "bad-cursor"],
  ["after=abc", "bad-cursor"],
  ["after=", "bad-cursor"],
  ["after=1e3", "bad-cursor"],
  ["after=99999999999999999999", "bad-cursor"],
  ["after=9007199254740992", "bad-cursor"],
  ["after=0x10", "bad-cursor"],
  ["after=+1", "bad-cursor"],
  ["after=%00", "bad-cursor"],
  ["after[]=1&after=", "bad-cursor"],
  ["after=1&after=2", "bad-cursor"],
  ["room=", "bad-room"],
  ["room=a.b", "bad-room"],
  [`room=${"a".repeat(65)}`, "bad-room"],
  ["room=a&room=b", "bad-room"],
  ["room=%ff", "bad-room"],
  ["room=__proto__%00", "bad-room"],
];
