/** Clients of the embedded broker that mean harm, or speak badly; two honest ones go on talking all the while. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmbedded } from "./testing/brokers.ts";
import { type RawClient, rawClient } from "./testing/raw-client.ts";

type Limits = NonNullable<NonNullable<Parameters<typeof startEmbedded>[0]>["limits"]>;
const SEED = 20_261_124;
let broker: Awaited<ReturnType<typeof startEmbedded>>;
let clients: RawClient[] = [];
let sent = 0;
let speaker: RawClient;
let listener: RawClient;

const open = async (): Promise<RawClient> => {
  const one = await rawClient(broker.port);
  clients.push(one);
  return one;
};

async function start(limits: Limits = {}): Promise<void> {
  broker = await startEmbedded({ limits });
  [speaker, listener] = [await open(), await open()];
  listener.say("SUBSCRIBE honest\r\n");
  await listener.like("*3\r\n$9\r\nsubscribe\r\n$6\r\nhonest\r\n:1\r\n");
}

/** What one publishes the other gets. */
async function honestAreServed(): Promise<void> {
  const text = `${sent++}`.padStart(6, "0");
  speaker.say(`PUBLISH honest ${text}\r\n`);
  expect(await speaker.like(":1\r\n")).toBe(":1\r\n");
  const push = `*3\r\n$7\r\nmessage\r\n$6\r\nhonest\r\n$6\r\n${text}\r\n`;
  expect(await listener.like(push)).toBe(push);
}

beforeEach(() => {
  clients = [];
});
afterEach(async () => {
  for (const one of clients) one.close();
  await broker.stop();
});

const command = (words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
const word = fc.oneof(
  fc.constantFrom(
    "PING",
    "ECHO",
    "SUBSCRIBE",
    "PUBLISH",
    "PSUBSCRIBE",
    "RESET",
    "HELLO",
    "3",
    "a*",
  ),
  fc.constantFrom("CLIENT", "SETNAME", "PUBSUB", "NUMSUB", "CHANNELS", "INFO", "SELECT", "AUTH"),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
);
const commands = fc
  .array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map(command).join(""));
const END = command(["ECHO", "the end of it"]);
const ENDED = "the end of it\r\n";

/** What it answers, up to its answer to an ECHO behind all; or until it hangs up. */
async function answers(pieces: readonly string[]): Promise<string> {
  const one = await open();
  for (const piece of pieces) {
    one.say(piece);
    await new Promise(setImmediate);
  }
  one.say(END + command(["RESET"]) + END + command(["QUIT"]));
  await one.closed();
  const heard = await one.read(1_000_000);
  one.close();
  return heard;
}

describe("clients of the embedded broker that mean harm", () => {
  it("BR3 are answered the same however their bytes are cut", async () => {
    await start();
    const places = fc.array(fc.nat(), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(commands, places, async (said, cuts) => {
        const at = [...new Set(cuts.map((cut) => cut % said.length))].sort((a, b) => a - b);
        const pieces = [0, ...at].map((from, index) => said.slice(from, at[index] ?? said.length));
        const ids = /(:\d+\r\n|id=\d+ addr=\S+)/g; // of connections: each has its own
        const whole = (await answers([said])).replace(ids, "");
        expect((await answers(pieces)).replace(ids, "")).toBe(whole);
        expect(whole).toContain(ENDED);
      }),
      { numRuns: 40, seed: SEED },
    );
    await honestAreServed();
  });

  it("BR3 are answered or hung up on when their bytes are broken, and harm no one", async () => {
    await start();
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(commands, flips, fc.nat(1_000), async (said, some, kept) => {
        const bytes = Buffer.from(said.slice(0, Math.ceil((said.length * kept) / 1_000)), "latin1");
        for (const [at, byte] of some) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const one = await open();
        one.say(bytes.toString("latin1"));
        await new Promise(setImmediate);
        one.close();
        await honestAreServed();
      }),
      { numRuns: 150, seed: SEED },
    );
  });

  it.each([
    ["a bulk longer than anything", "*1\r\n$99999999999\r\n", "invalid bulk length"],
    ["a negative bulk", "*1\r\n$-5\r\n", "invalid bulk length"],
    ["a nothing as a word", "*1\r\n$-1\r\n", "invalid bulk length"],
    ["a count without end", "*99999999999\r\n", "invalid multibulk length"],
    ["arrays in arrays", "*1\r\n".repeat(1_000), "expected '$', got '*'"],
    ["an endless line", "x".repeat(70_000), "too big inline request"],
    ["a quote without end", 'ECHO "a\r\n', "unbalanced quotes in request"],
  ])("BR3 %s: Redis' protocol error, closed, others unharmed", async (_what, said, reason) => {
    await start();
    const one = await open();
    one.say(`PING\r\n${said}`);
    await one.closed();
    expect(await one.read(1_000)).toBe(`+PONG\r\n-ERR Protocol error: ${reason}\r\n`);
    await honestAreServed();
  });

  it("BR1 a thousand commands in one go are answered in order", async () => {
    await start();
    const one = await open();
    const all = Array.from({ length: 1_000 }, (_, at) => `${at}`);
    one.say(all.map((text) => command(["ECHO", text])).join(""));
    await honestAreServed();
    const expected = all.map((text) => `$${text.length}\r\n${text}\r\n`).join("");
    expect((await one.like(expected)) === expected).toBe(true);
  });

  it("BR15 ten thousand subscriptions a client, one more is refused, others are served", async () => {
    await start();
    const flood = [await open(), await open()];
    const names = Array.from({ length: 10_001 }, (_, at) => `channel-${at}`);
    for (const one of flood) one.say(command(["SUBSCRIBE", ...names]));
    await honestAreServed();
    for (const one of flood) {
      const confirmed = names
        .slice(0, 10_000)
        .map((name, at) => `*3\r\n$9\r\nsubscribe\r\n$${name.length}\r\n${name}\r\n:${at + 1}\r\n`);
      const expected = `${confirmed.join("")}-ERR max number of subscriptions reached\r\n`;
      expect((await one.like(expected)) === expected).toBe(true);
      one.close();
    }
    await honestAreServed();
  });

  it("BR15 a name over 4 KiB is refused, wherever it stands", async () => {
    await start();
    const one = await open();
    const name = "*".repeat(4_097);
    for (const verb of [["SUBSCRIBE"], ["PSUBSCRIBE"], ["PUBLISH", "x"]]) {
      one.say(command([verb[0] ?? "", name, ...verb.slice(1)]));
      const refusal = "-ERR the name of a channel is too long\r\n";
      expect(await one.like(refusal)).toBe(refusal);
    }
  });

  it("BR15 commands that are not whole have a bound over all clients; who passes it goes", async () => {
    await start({ maxPendingBytes: 100_000 });
    const half = `*2\r\n$4\r\nECHO\r\n$90000\r\n${"x".repeat(40_000)}`;
    const some = [await open(), await open(), await open()];
    for (const one of some.slice(0, 2)) one.say(half);
    await honestAreServed();
    some[2]?.say(half);
    await some[2]?.closed();
    await honestAreServed();
    const first = some[0];
    first?.say(`${"x".repeat(50_000)}\r\n`);
    expect((await first?.read(90_010))?.length).toBe(90_010);
  });

  it("BR8 an 8 MiB payload reaches who listens, whole", async () => {
    await start();
    const [one, ear] = [await open(), await open()];
    ear.say("SUBSCRIBE big\r\n");
    await ear.like("*3\r\n$9\r\nsubscribe\r\n$3\r\nbig\r\n:1\r\n");
    const payload = "z".repeat(8 * 1024 * 1024);
    one.say(command(["PUBLISH", "big", payload]));
    await honestAreServed();
    const expected = `*3\r\n$7\r\nmessage\r\n$3\r\nbig\r\n$${payload.length}\r\n${payload}\r\n`;
    expect((await ear.like(expected)) === expected).toBe(true);
  });
});
