/** What the store link's decoder must not do: keep bytes, tell secrets, mind chunks, grow. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AFTER } from "../../../replica/message-store-sql.ts";
import { client, server } from "../../testing/postgres-bytes.ts";
import { createPostgresDecoder } from "./postgres-decoder.ts";
import {
  answers,
  COLUMNS,
  INSERT,
  play,
  START,
  type Step,
  says,
} from "./testing/store-conversations.ts";

describe("the store link's decoder", () => {
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
