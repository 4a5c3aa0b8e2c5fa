/** What replica, broker and store say to each other crosses a tap unharmed and is told the same, however it is cut or broken. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TapConfig } from "../contract.ts";
import { broken, cut, damage, places, sendPieces } from "../testing/broken-bytes.ts";
import { client, server as store } from "../testing/postgres-bytes.ts";
import { Scribe } from "../testing/scribe.ts";
import { openTap, type Tap } from "./tap.ts";

const SEED = 20_261_124;
let target: Server;
const taps: Tap[] = [];
let answer: Buffer = Buffer.alloc(0);
let cuts: number[] = [];
let heard: Buffer[] = [];
const sockets = new Set<Socket>();

/** The broker or the store: hears all, then says all. */
beforeEach(async () => {
  target = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    socket.on("end", async () => {
      await sendPieces(socket, cut(answer, cuts));
      socket.end();
    });
  });
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(taps.splice(0).map((tap) => tap.close()));
  target.close();
});

async function startTap(link: TapConfig["link"]) {
  const scribe = new Scribe();
  const address = target.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const place = { host: "127.0.0.1", port: 0 };
  const config: TapConfig = {
    replica: "lp-1",
    pattern: "long-polling",
    link,
    ...place,
    target: { ...place, port },
  };
  const tap = await openTap({ recorder: scribe, config });
  taps.push(tap);
  /** One connection: what either side heard, and what was told of it. */
  return async (said: Buffer, answered: Buffer, at: number[]) => {
    [answer, cuts, heard] = [answered, at, []];
    const before = scribe.hops.length;
    const socket = connect({ port: tap.port, host: "127.0.0.1", allowHalfOpen: true });
    sockets.add(socket.setNoDelay(true));
    const got: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => got.push(chunk));
    await once(socket, "connect");
    await sendPieces(socket, cut(said, at));
    socket.end();
    await once(socket, "end");
    await scribe.seen((hop) => hop.seq > before && hop.kind === "socket.close");
    const told = scribe.hops.slice(before).map(({ kind, from, label, bytes }) => {
      // Sync and "ready" are counted with what they end, if they come in one chunk with it.
      const size = kind.startsWith("sql") ? "" : bytes;
      return { line: `${kind} ${from} ${label} ${size}`, from, bytes };
    });
    return { got: Buffer.concat(got), heard: Buffer.concat(heard), told };
  };
}

const bulk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]);
const command = (...words: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...words.map(bulk)]);
const word = fc.oneof(
  fc
    .constantFrom("PUBLISH", "SUBSCRIBE", "messages:lobby", "socket.io#/#", "AUTH", "{}", "")
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);
const commands = fc
  .array(
    fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => command(...words)),
      fc.constantFrom("PING\r\n", "\r\n", "*0\r\n").map((text) => Buffer.from(text)),
    ),
    { maxLength: 6 },
  )
  .map((all) => Buffer.concat(all));

const line = fc
  .constantFrom(
    "+OK\r\n",
    "-ERR no\r\n",
    ":7\r\n",
    "_\r\n",
    "#t\r\n",
    ",1.5\r\n",
    "$-1\r\n",
    "*-1\r\n",
    "(99\r\n",
  )
  .map((text) => Buffer.from(text));
const leaf = fc.oneof(line, word.map(bulk));
const list = (kind: string, perEntry: number) =>
  fc
    .array(leaf, { maxLength: 6 })
    .map((items) => items.slice(0, items.length - (items.length % perEntry)))
    .map((items) =>
      Buffer.concat([Buffer.from(`${kind}${items.length / perEntry}\r\n`), ...items]),
    );
/** RESP2 and RESP3, pushes and attributes among them. */
const replies = fc
  .array(
    fc.oneof(
      leaf,
      list("*", 1),
      list("~", 1),
      list(">", 1),
      list("%", 2),
      fc.tuple(list("|", 2), leaf).map(([attribute, value]) => Buffer.concat([attribute, value])),
      word.map((payload) =>
        Buffer.concat([Buffer.from(">3\r\n+message\r\n+messages:lobby\r\n"), bulk(payload)]),
      ),
    ),
    { maxLength: 6 },
  )
  .map((all) => Buffer.concat(all));

const sql = fc.constantFrom(
  "SELECT id FROM messages WHERE id > $1",
  "INSERT INTO messages VALUES ($1) RETURNING id",
  "begin; select 1",
  "",
);
const frontend = fc
  .array(
    fc.oneof(
      sql.map((text) => client.query(text)),
      sql.map((text) => client.parse("s", text)),
      fc
        .array(fc.option(fc.string({ maxLength: 20 })), { maxLength: 4 })
        .map((values) => client.bind("s", values)),
      fc.constantFrom(client.describe(), client.execute(), client.sync(), client.flush()),
    ),
    { maxLength: 10 },
  )
  .map((parts) => Buffer.concat([client.startup(), ...parts]));
const backend = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        store.parseComplete(),
        store.bindComplete(),
        store.noData(),
        store.columns("id", "room"),
        store.complete("SELECT 1"),
        store.error("42601", "syntax error"),
        store.ready(),
        store.startCopyIn(),
      ),
      fc.tuple(fc.nat().map(String), fc.string({ maxLength: 9 })).map((row) => store.row(...row)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat([store.authenticationOk(), store.ready(), ...parts]));

const LINKS = [
  ["broker", commands, replies],
  ["store", frontend, backend],
] as const;

describe.each(LINKS)("the %s's link", (link, requests, answers) => {
  it("TAP1 TAP10 the same bytes and the same hops, however they are cut", async () => {
    const cross = await startTap(link);
    await fc.assert(
      fc.asyncProperty(requests, answers, places, async (said, answered, at) => {
        const pieces = await cross(said, answered, at);
        expect(pieces.heard.equals(said)).toBe(true);
        expect(pieces.got.equals(answered)).toBe(true);
        const whole = await cross(said, answered, []);
        const lines = (run: typeof whole) => run.told.map((hop) => hop.line);
        const isRaw = lines(whole).some((told) => told.startsWith("raw"));
        if (!isRaw) expect(lines(pieces)).toEqual(lines(whole));
      }),
      { numRuns: 100, seed: SEED },
    );
  });

  it("TAP1 TAP7 the same bytes when they are broken, and no byte told of twice", async () => {
    const cross = await startTap(link);
    const drawn = fc.tuple(requests, answers, damage, damage, places);
    await fc.assert(
      fc.asyncProperty(drawn, async ([requested, answered, harm, otherHarm, at]) => {
        const said = broken(requested, harm);
        const reply = broken(answered, otherHarm);
        const { heard: there, got, told } = await cross(said, reply, at);
        expect(there.equals(said)).toBe(true);
        expect(got.equals(reply)).toBe(true);
        const bytesFrom = (side: string) =>
          told.filter(({ from }) => from === side).reduce((sum, { bytes }) => sum + bytes, 0);
        expect(bytesFrom("replica:lp-1")).toBeLessThanOrEqual(said.length);
        expect(bytesFrom(link)).toBeLessThanOrEqual(reply.length);
      }),
      { numRuns: 120, seed: SEED },
    );
  });
});
