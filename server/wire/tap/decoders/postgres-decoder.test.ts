import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AFTER,
  APPEND,
  CHECK,
  LAST,
  MAKE_TABLES,
  NEWEST,
} from "../../../replica/message-store-sql.ts";
import { client, server } from "../../testing/postgres-bytes.ts";
import type { ConnectionDecoder, HopDraft, StreamDecoder, Unit } from "../unit.ts";
import { createPostgresDecoder } from "./postgres-decoder.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const COLUMNS = ["id", "room", "text", "time", "server", "traceparent"];

interface Step {
  from: "client" | "server";
  bytes: Buffer[];
}
const says = (...bytes: Buffer[]): Step => ({ from: "client", bytes });
const answers = (...bytes: Buffer[]): Step => ({ from: "server", bytes });

const START = [says(client.startup()), answers(server.authenticationOk(), server.ready())];

function row(id: number): Buffer {
  return server.row(`${id}`, "lobby", "hi", "2026-01-01", "lp-1", TRACEPARENT);
}

function run(name: string, params: (string | null)[]): Buffer[] {
  return [client.bind(name, params), client.describe(), client.execute(), client.sync()];
}

/** Plays a conversation; hops in the order they were found. */
function play(steps: Step[], chunkBytes?: number): { hops: HopDraft[]; units: Unit[] } {
  const decoder: ConnectionDecoder = createPostgresDecoder({ pattern: "long-polling" });
  const units = steps.flatMap(({ from, bytes }) => {
    const stream: StreamDecoder = from === "client" ? decoder.requests : decoder.replies;
    const whole = Buffer.concat(bytes);
    const size = chunkBytes ?? whole.length;
    const found: Unit[] = [];
    for (let at = 0; at < whole.length; at += size) {
      found.push(...stream.push(whole.subarray(at, at + size)));
    }
    return found;
  });
  return { units, hops: units.flatMap((unit) => unit.hop ?? []) };
}

const INSERT = [
  says(
    client.parse("append", APPEND.text),
    ...run("append", ["long-polling", "lobby", "lunch?", "lp-1", TRACEPARENT]),
  ),
  answers(
    server.parseComplete(),
    server.bindComplete(),
    server.columns(...COLUMNS),
    row(42),
    server.complete("INSERT 0 1"),
    server.ready(),
  ),
];

describe("the store link decoded", () => {
  it("TAP21 shows an INSERT by its text and its result by the id", () => {
    const { hops } = play([...START, ...INSERT]);
    expect(hops.map((hop) => hop.label)).toEqual(["startup", "ready", "INSERT “lunch?”", "id 42"]);
    const [, , statement, result] = hops;
    expect(statement).toMatchObject({
      kind: "sql.statement",
      traceId: TRACE,
      info: { statement: "INSERT messages", room: "lobby", text: "lunch?", textBytes: 6 },
    });
    expect(result).toMatchObject({
      kind: "sql.result",
      traceId: TRACE,
      messageIds: ["long-polling/lobby/42"],
      info: { rows: 1 },
    });
    expect(result?.causes?.[0]).toBe(statement?.mark);
  });

  it("TAP21 says how long an INSERT's text was before it was shortened", () => {
    const { hops } = play([
      ...START,
      says(
        client.parse("append", APPEND.text),
        ...run("append", ["long-polling", "lobby", "é".repeat(2_000), "lp-1", TRACEPARENT]),
      ),
    ]);
    expect(hops.at(-1)?.info?.text?.length).toBeLessThan(100);
    expect(hops.at(-1)?.info?.textBytes).toBe(4_000);
  });

  it("TAP21 knows a prepared statement again by its name", () => {
    const { hops } = play([
      ...START,
      ...INSERT,
      says(...run("append", ["long-polling", "lobby", "later", "lp-1", null])),
      answers(
        server.bindComplete(),
        server.columns(...COLUMNS),
        row(43),
        server.complete("INSERT 0 1"),
        server.ready(),
      ),
    ]);
    expect(hops.slice(4).map((hop) => hop.label)).toEqual(["INSERT “later”", "id 43"]);
    expect(hops[4]?.traceId).toBeUndefined();
  });

  const reads: [string, string, string[], string][] = [
    ["after", AFTER.text, ["long-polling", "lobby", "41", "1000"], "SELECT after 41"],
    ["newest", NEWEST.text, ["long-polling", "lobby", "1000"], "SELECT newest"],
    ["last", LAST.text, ["long-polling", "lobby"], "SELECT last"],
    ["check", CHECK.text, [], "SELECT 1"],
  ];
  it.each(reads)("TAP21 shows the statement “%s” in short form", (name, sql, params, label) => {
    const { hops } = play([...START, says(client.parse(name, sql), ...run(name, params))]);
    expect(hops.at(-1)?.label).toBe(label);
    expect(hops.at(-1)?.info?.heartbeat).toBe(name === "check" ? true : undefined);
  });

  it("TAP21 names the messages a read returns", () => {
    const { hops } = play([
      ...START,
      says(client.parse("", AFTER.text), ...run("", ["long-polling", "lobby", "41", "1000"])),
      answers(
        server.columns(...COLUMNS),
        row(42),
        row(43),
        row(44),
        server.complete("SELECT 3"),
        server.ready(),
      ),
    ]);
    expect(hops.at(-1)).toMatchObject({
      label: "3 rows",
      messageIds: ["long-polling/lobby/42", "long-polling/lobby/43", "long-polling/lobby/44"],
    });
  });

  it("TAP22 finds id and room in whatever columns they are", () => {
    const { hops } = play([
      ...START,
      says(client.query("SELECT text, traceparent, room, id FROM messages")),
      answers(
        server.columns("text", "traceparent", "room", "id"),
        server.row("some words", null, "lobby", "42"),
        server.row("", "other", "kitchen", "7"),
        server.complete("SELECT 2"),
        server.ready(),
      ),
    ]);
    expect(hops.at(-1)?.messageIds).toEqual(["long-polling/lobby/42", "long-polling/kitchen/7"]);
  });

  it("TAP22 matches results first in first out, and skips to Sync after an error", () => {
    const select = [client.bind("", []), client.execute()];
    const { hops } = play([
      ...START,
      says(
        client.parse("", "select 1"),
        ...select,
        ...select,
        client.sync(),
        ...select,
        client.sync(),
      ),
      answers(
        server.complete("SELECT 0"),
        server.error("57014", "canceling statement"),
        server.ready(),
        server.complete("SELECT 7"),
        server.ready(),
      ),
    ]);
    const statements = hops.filter((hop) => hop.kind === "sql.statement").slice(1);
    const results = hops.filter((hop) => hop.kind === "sql.result").slice(1);
    expect(results.map((hop) => hop.label)).toEqual([
      "0 rows",
      "error: canceling statement",
      "0 rows",
    ]);
    expect(results.map((hop) => hop.causes?.[0])).toEqual(statements.map((hop) => hop.mark));
    expect(results[1]).toMatchObject({ outcome: "error", info: { reason: "57014" } });
  });

  it("TAP22 answers one simple query several times", () => {
    const { hops } = play([
      ...START,
      says(client.query(MAKE_TABLES)),
      answers(server.complete("SELECT 1"), server.complete("CREATE TABLE"), server.ready()),
    ]);
    const [query, ...results] = hops.slice(2);
    expect(query?.info).toMatchObject({ statement: "CREATE rooms", setup: true });
    expect(results.map((hop) => hop.causes?.[0])).toEqual([query?.mark, query?.mark]);
  });

  const SETTLED: [string, Step[]][] = [
    ["a password", [says(client.startup()), answers(server.askForPassword())]],
    [
      "a description",
      [
        ...START,
        says(client.parse("after", AFTER.text), client.describeStatement("after"), client.flush()),
        answers(server.parseComplete(), server.parameters(4), server.columns(...COLUMNS)),
      ],
    ],
    [
      "a description of nothing",
      [
        ...START,
        says(client.parse("x", "select"), client.describeStatement("x"), client.flush()),
        answers(server.parseComplete(), server.parameters(0), server.noData()),
      ],
    ],
    [
      "copied rows",
      [...START, says(client.query("COPY x FROM STDIN")), answers(server.startCopyIn())],
    ],
  ];
  it.each(SETTLED)("TAP8 nothing stays in the tap when the server waits for %s", (_, steps) => {
    const bytes = Buffer.concat(steps.flatMap((step) => step.bytes)).length;
    for (const chunkBytes of [undefined, 1]) {
      const { units } = play(steps, chunkBytes);
      expect(units.reduce((sum, unit) => sum + unit.length, 0)).toBe(bytes);
    }
  });

  const SECRET = [
    ["in a short statement", "ALTER USER bob PASSWORD 'hunter2'"],
    ["after what looks like a comment", "ALTER USER \"bob--\" PASSWORD 'hunter2'"],
    ["called otherwise", "CREATE USER bob PASSWD 'hunter2'"],
    ["far behind", `${"-- preface\n".repeat(1_000)}ALTER USER bob PASSWORD 'hunter2'`],
  ] as const;
  it.each(SECRET)("TAP14 tells no password %s", (_, sql) => {
    const { hops } = play([
      ...START,
      says(client.query(sql)),
      answers(server.error("42601", "syntax error at 'hunter2'"), server.ready()),
    ]);
    const told = JSON.stringify(hops.map((hop) => [hop, String(hop.raw)]));
    expect(told).not.toContain("hunter2");
  });

  it("TAP14 keeps the rows of a statement that speaks of a password to itself", () => {
    const { hops } = play([
      ...START,
      says(client.query("SELECT user_password FROM users")),
      answers(
        server.columns("user_password"),
        server.row("hunter2"),
        server.complete("SELECT 1"),
        server.ready(),
      ),
    ]);
    expect(hops.at(-1)?.label).toBe("1 row");
    expect(hops.map((hop) => String(hop.raw)).join()).not.toContain("hunter2");
  });

  it("TAP14 blanks the password", () => {
    const { hops } = play([says(client.startup(), client.password("open-sesame"))]);
    expect(hops.map((hop) => hop.label)).toEqual(["startup", "password"]);
    expect(JSON.stringify(hops.map((hop) => [hop, String(hop.raw)]))).not.toContain("open-sesame");
  });

  it("TAP23 reads the one byte that answers an SSL request", () => {
    const { hops } = play([says(client.ssl()), answers(Buffer.from("N")), ...START]);
    expect(hops.map((hop) => hop.label)).toEqual([
      "encryption?",
      "no encryption",
      "startup",
      "ready",
    ]);
    expect(() => play([says(client.ssl()), answers(Buffer.from("S"))])).toThrow(/encrypted/);
  });

  it("TAP10 finds the same hops and bytes whatever the chunks", () => {
    const steps = [...START, ...INSERT, says(client.terminate())];
    const whole = play(steps);
    const bytes = Buffer.concat(steps.flatMap((step) => step.bytes)).length;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (chunkBytes) => {
        const { hops, units } = play(steps, chunkBytes);
        expect(hops.map((hop) => hop.label)).toEqual(whole.hops.map((hop) => hop.label));
        expect(units.reduce((sum, unit) => sum + unit.length, 0)).toBe(bytes);
      }),
    );
  });

  it("TAP10 garbage ends in units or an error, and keeps nothing that grows", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), fc.boolean(), (chunks, started) => {
        const decoder = createPostgresDecoder({ pattern: "long-polling" });
        try {
          if (started) decoder.requests.push(client.startup());
          for (const chunk of chunks) {
            decoder.requests.push(Buffer.from(chunk));
            decoder.replies.push(Buffer.from(chunk));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(RangeError);
          expect(error).not.toBeInstanceOf(TypeError);
        }
      }),
    );
  });
});
