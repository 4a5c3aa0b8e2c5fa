import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseRequest,
  parseResp,
  RespError,
  RespFramer,
  type RespUnit,
  type RespValue,
} from "./resp.ts";

const REPLIES = [
  "+OK\r\n",
  "-ERR no\r\n",
  ":42\r\n",
  "$5\r\nhello\r\n",
  "$0\r\n\r\n",
  "$-1\r\n",
  "*-1\r\n",
  "*0\r\n",
  "*2\r\n$1\r\na\r\n*1\r\n:1\r\n",
  "_\r\n",
  "#t\r\n",
  ",3.5\r\n",
  "(123456789012345678901234567890\r\n",
  "=8\r\ntxt:some\r\n",
  "!3\r\nERR\r\n",
  "%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n",
  "~2\r\n:1\r\n:2\r\n",
  ">4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\nc\r\n$3\r\n\r\nx\r\n",
  "|1\r\n+ttl\r\n:3\r\n+value\r\n",
];

/** Feeds `bytes` cut after the given lengths, repeated as long as needed. */
function feed(framer: RespFramer, bytes: Buffer, cuts: number[]): RespUnit[] {
  const units: RespUnit[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = cuts[i % cuts.length] ?? 1;
    framer.push(Buffer.from(bytes.subarray(at, at + size)), (unit) => units.push(unit));
    at += size;
  }
  return units;
}

describe("RESP framing", () => {
  it("TAP10 finds the same units whatever the chunks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...REPLIES), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
        (replies, cuts) => {
          const framer = new RespFramer({ role: "replies" });
          const units = feed(framer, Buffer.from(replies.join("")), cuts);
          expect(units.map((unit) => unit.bytes.toString())).toEqual(replies);
          expect(framer.pendingBytes).toBe(0);
        },
      ),
    );
  });

  it("TAP10 keeps only the beginning of a unit over the limit, and finds its end", () => {
    const framer = new RespFramer({ role: "replies", maxKeptBytes: 100 });
    const units = feed(framer, Buffer.from(`$5000\r\n${"x".repeat(5000)}\r\n+OK\r\n`), [64]);
    expect(units.map(({ length, truncated }) => ({ length, truncated }))).toEqual([
      { length: 5009, truncated: true },
      { length: 5, truncated: false },
    ]);
    expect(units[0]?.bytes.length).toBe(100);
  });

  it("TAP10 refuses what is no RESP, too deep, or without bound", () => {
    const refused = [
      "?\r\n",
      "*x\r\n",
      "$12a\r\n",
      "*99999999\r\n",
      "*1\r\n".repeat(40),
      "$-2\r\n",
    ];
    for (const bytes of refused) {
      const framer = new RespFramer({ role: "replies" });
      expect(() => feed(framer, Buffer.from(bytes), [bytes.length]), bytes).toThrow(RespError);
    }
    const line = Buffer.alloc(70_000, "a");
    expect(() => feed(new RespFramer({ role: "requests" }), line, [line.length])).toThrow(
      /too big inline/,
    );
  });

  it("TAP10 gives the units before what is no RESP, also of the same chunk", () => {
    const units: string[] = [];
    const framer = new RespFramer({ role: "replies" });
    const take = (unit: RespUnit): void => void units.push(unit.bytes.toString());
    expect(() => framer.push(Buffer.from("+OK\r\n:1\r\n?\r\n"), take)).toThrow(RespError);
    expect(units).toEqual(["+OK\r\n", ":1\r\n"]);
  });

  it("TAP10 garbage ends in units or a RespError, never in anything else", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...REPLIES, "*3\r\n", "$9\r\n"), fc.string())),
        fc.constantFrom("requests" as const, "replies" as const),
        (parts, role) => {
          try {
            for (const unit of feed(new RespFramer({ role }), Buffer.from(parts.join("")), [7])) {
              if (role === "requests") parseRequest(unit.bytes);
              else parseResp(unit.bytes);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(RespError);
          }
        },
      ),
    );
  });
});

describe("RESP values", () => {
  const values: [string, RespValue][] = [
    ["+OK\r\n", { type: "simple", text: "OK" }],
    ["-ERR déjà\r\n", { type: "error", text: "ERR déjà" }],
    [":-7\r\n", { type: "integer", value: -7 }],
    ["$-1\r\n", { type: "null" }],
    ["$3\r\n\r\nx\r\n", { type: "bulk", bytes: Buffer.from("\r\nx") }],
    ["=8\r\ntxt:some\r\n", { type: "verbatim", format: "txt", bytes: Buffer.from("some") }],
    [",inf\r\n", { type: "double", value: Number.POSITIVE_INFINITY }],
    ["#f\r\n", { type: "boolean", value: false }],
    [">1\r\n_\r\n", { type: "push", items: [{ type: "null" }] }],
    [
      "%1\r\n+a\r\n:1\r\n",
      {
        type: "map",
        entries: [
          [
            { type: "simple", text: "a" },
            { type: "integer", value: 1 },
          ],
        ],
      },
    ],
    ["|1\r\n+ttl\r\n:3\r\n+v\r\n", { type: "simple", text: "v" }],
  ];
  it.each(values)("TAP10 reads %j", (bytes, value) => {
    expect(parseResp(Buffer.from(bytes))).toEqual(value);
  });

  const commands: [string, string[]][] = [
    ["*2\r\n$4\r\nPING\r\n$1\r\nx\r\n", ["PING", "x"]],
    ["PING\r\n", ["PING"]],
    ["  SET  a 'it\\'s' \"tab\\there\\x21\" \n", ["SET", "a", "it's", "tab\there!"]],
    ["\r\n", []],
    ["*0\r\n", []],
  ];
  it.each(commands)("TAP10 reads the command %j", (bytes, words) => {
    const [unit] = feed(new RespFramer({ role: "requests" }), Buffer.from(bytes), [bytes.length]);
    expect(parseRequest(unit?.bytes ?? Buffer.alloc(0)).map(String)).toEqual(words);
  });

  it("TAP10 refuses unbalanced quotes", () => {
    expect(() => parseRequest(Buffer.from('SET "a\r\n'))).toThrow(/unbalanced quotes/);
  });
});
