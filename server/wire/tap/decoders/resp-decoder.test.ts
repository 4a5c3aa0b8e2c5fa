import { describe, expect, it } from "vitest";
import type { ConnectionDecoder, HopDraft } from "../unit.ts";
import { createPayloadReader } from "./chat-payload.ts";
import { createRespDecoder } from "./resp-decoder.ts";

function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}

class Talk {
  readonly #decoder: ConnectionDecoder = createRespDecoder(createPayloadReader());

  says(...bytes: string[]): HopDraft[] {
    return this.#hops("requests", bytes);
  }

  answers(...bytes: string[]): HopDraft[] {
    return this.#hops("replies", bytes);
  }

  #hops(side: "requests" | "replies", bytes: string[]): HopDraft[] {
    const units = this.#decoder[side].push(Buffer.from(bytes.join("")));
    return units.flatMap((unit) => unit.hop ?? []);
  }
}

function labels(hops: HopDraft[]): string[] {
  return hops.map((hop) => hop.label);
}

describe("the broker link decoded", () => {
  it("TAP11 puts commands into words", () => {
    const hops = new Talk().says(
      command("HELLO", "3"),
      command("client", "setinfo", "LIB-NAME", "ioredis"),
      command("SUBSCRIBE", "a", "b", "c", "d", "e"),
      command("publish", "messages:lobby", "not JSON"),
      command("PING"),
      command("PUBSUB", "NUMSUB", "a"),
      command("GET", "a\nkey"),
      "PING inline\r\n",
      "\r\n",
    );
    expect(labels(hops)).toEqual([
      "HELLO 3",
      "CLIENT SETINFO LIB-NAME",
      "SUBSCRIBE a b c +2",
      "PUBLISH messages:lobby",
      "PING",
      "PUBSUB NUMSUB a",
      "GET a key",
      "PING inline",
    ]);
    expect(hops.map((hop) => hop.info?.setup === true)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(hops.map((hop) => hop.info?.heartbeat === true).indexOf(true)).toBe(4);
  });

  it("TAP12 matches replies to commands first in first out, pushes apart", () => {
    const talk = new Talk();
    const asked = talk.says(command("PUBLISH", "x", "1"), command("PING"), command("NOPE"));
    const got = talk.answers(
      ":3\r\n",
      ">3\r\n$7\r\nmessage\r\n$1\r\nx\r\n$1\r\n1\r\n",
      "+PONG\r\n",
      "-ERR unknown command 'NOPE'\r\n",
    );
    expect(labels(got)).toEqual(["3 receivers", "push x", "PONG", "ERR unknown command 'NOPE'"]);
    expect(got.map((hop) => hop.causes?.[0])).toEqual([
      asked[0]?.mark,
      undefined,
      asked[1]?.mark,
      asked[2]?.mark,
    ]);
    expect(got[3]?.outcome).toBe("error");
  });

  it("TAP12 knows RESP2's pushes from replies", () => {
    const talk = new Talk();
    const [subscribe, ping] = talk.says(command("SUBSCRIBE", "a", "b"), command("PING"));
    const got = talk.answers(
      "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n",
      "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n",
      "*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n",
      "*2\r\n$4\r\npong\r\n$0\r\n\r\n",
    );
    expect(got.map((hop) => [hop.kind, hop.label])).toEqual([
      ["redis.reply", "subscribed a"],
      ["redis.push", "push a"],
      ["redis.reply", "subscribed b"],
      ["redis.reply", "PONG"],
    ]);
    expect([0, 2].map((at) => got[at]?.causes?.[0])).toEqual([subscribe?.mark, subscribe?.mark]);
    expect(got[3]?.causes?.[0]).toBe(ping?.mark);
  });

  it("TAP12 takes an UNSUBSCRIBE without channels as answered when another reply comes", () => {
    const talk = new Talk();
    talk.says(command("SUBSCRIBE", "a", "b"), command("PSUBSCRIBE", "*"));
    talk.answers(
      ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n",
      ">3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n",
      ">3\r\n$10\r\npsubscribe\r\n$1\r\n*\r\n:3\r\n",
    );
    const [unsubscribe, ping] = talk.says(command("UNSUBSCRIBE"), command("PING"));
    const got = talk.answers(
      ">3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:2\r\n",
      ">3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:1\r\n",
      "+PONG\r\n",
    );
    expect(got.map((hop) => hop.causes?.[0])).toEqual([
      unsubscribe?.mark,
      unsubscribe?.mark,
      ping?.mark,
    ]);
  });

  it("TAP14 blanks AUTH, HELLO AUTH, CONFIG and ACL, and the replies to the latter", () => {
    const talk = new Talk();
    const asked = talk.says(
      command("AUTH", "user", "s3cret"),
      command("HELLO", "3", "AUTH", "user", "s3cret", "SETNAME", "me"),
      command("CONFIG", "SET", "requirepass", "s3cret"),
      command("CONFIG", "GET", "requirepass"),
      "AUTH s3cret\r\n",
    );
    const got = talk.answers("+OK\r\n", "%0\r\n", "+OK\r\n", "*1\r\n$6\r\ns3cret\r\n");
    const told = [...asked, ...got]
      .map((hop) => `${JSON.stringify(hop)} ${String(hop.raw)}`)
      .join();
    expect(told).not.toContain("s3cret");
    expect(labels(asked).slice(0, 2)).toEqual(["AUTH", "HELLO 3"]);
  });

  it("TAP14 tells nothing of a reply that is itself a secret", () => {
    const talk = new Talk();
    talk.says(command("ACL", "GENPASS"), command("ACL", "WHOAMI"));
    const got = talk.answers("$6\r\ns3cret\r\n", "-NOPERM no\r\n");
    expect(labels(got)).toEqual(["6 bytes", "NOPERM no"]);
    expect(got.map((hop) => hop.raw)).toEqual([undefined, undefined]);
  });

  const LARGE = `$300000\r\n${"y".repeat(300_000)}\r\n`;
  it.each([
    ["RESP3", `>3\r\n$7\r\nmessage\r\n$1\r\nx\r\n${LARGE}`],
    ["RESP2", `*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n${LARGE}`],
    ["RESP2, by a pattern", `*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\nx\r\n${LARGE}`],
  ])("TAP13 takes no push for a reply because it is too large to keep (%s)", (_, push) => {
    const talk = new Talk();
    talk.says(command("SUBSCRIBE", "x"));
    talk.answers("*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n");
    const [ping] = talk.says(command("PING"));
    const [large, pong] = talk.answers(push, "+PONG\r\n");
    expect(large?.kind).toBe("redis.push");
    expect(large?.label).toMatch(/^push of 300\d+ bytes$/);
    expect(pong?.causes?.[0]).toBe(ping?.mark);
  });

  it("TAP13 says only the size of what is too large to keep", () => {
    const talk = new Talk();
    const [publish] = talk.says(command("PUBLISH", "x", "y".repeat(300_000)));
    expect(publish?.label).toMatch(/^command of 300\d+ bytes$/);
    expect(publish?.raw).toBeUndefined();
    expect(labels(talk.answers(":1\r\n"))).toEqual(["1"]);
  });
});
