/** What the store link's hops say. */
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
import {
  answers,
  COLUMNS,
  INSERT,
  play,
  row,
  run,
  START,
  says,
  TRACE,
  TRACEPARENT,
} from "./testing/store-conversations.ts";

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
});
