/** Clients that mean harm: shapes of smuggling, floods, and too many of everything. */
import { createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Seats } from "./seats.ts";
import { openHonest, tellingReplica } from "./testing/honest-client.ts";
import { RawClient } from "./testing/raw-client.ts";
import { listen, type Rig, startBalancer, startReplicas } from "./testing/start-balancer.ts";

let rig: Rig;
let strangers: string[] = [];
let honest: Awaited<ReturnType<typeof openHonest>>;
const clients: RawClient[] = [];

async function attacker(): Promise<RawClient> {
  const client = await RawClient.open(rig.port);
  clients.push(client);
  return client;
}

async function start(changes: Parameters<typeof startBalancer>[2] = {}): Promise<void> {
  const replica = tellingReplica();
  strangers = replica.strangers;
  rig = await startBalancer(await startReplicas({ "lp-1": replica.listener }), {}, changes);
  honest = await openHonest(rig);
  await honest.isServed();
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  honest?.leave();
  await rig.close();
});

const head = (...lines: string[]) =>
  `POST /smuggle HTTP/1.1\r\nHost: ${rig.host}\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
const HIDDEN = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

describe("a request that two readers could read differently", () => {
  beforeEach(() => start());

  const CL = "Content-Length: 5";
  const TE = "Transfer-Encoding: chunked";
  it.each([
    ["a length and chunks", [CL, TE]],
    ["chunks and a length", [TE, CL]],
    ["two lengths", [CL, "Content-Length: 6"]],
    ["twice the same length", [CL, CL]],
    ["a list of lengths", ["Content-Length: 5, 5"]],
    ["a length with a plus", ["Content-Length: +5"]],
    ["a length with a minus", ["Content-Length: -5"]],
    ["a length with a space inside", ["Content-Length: 5 5"]],
    ["a length with a point", ["Content-Length: 5.0"]],
    ["a hexadecimal length", ["Content-Length: 0x5"]],
    ["a space before the colon", ["Content-Length : 5"]],
    ["a tab before the colon", ["Transfer-Encoding\t: chunked"]],
    ["a folded length", ["Content-Length:", " 5"]],
    ["a folded coding", ["Transfer-Encoding:", "\tchunked"]],
    ["two codings", [TE, TE]],
    ["chunks, then identity", ["Transfer-Encoding: chunked, identity"]],
    ["identity", ["Transfer-Encoding: identity"]],
    ["a coding in quotes", ['Transfer-Encoding: "chunked"']],
    ["a coding behind a vertical tab", ["Transfer-Encoding: \x0bchunked"]],
    ["a coding with a letter too many", ["Transfer-Encoding: xchunked"]],
    ["a coding with a comma too many", ["Transfer-Encoding: chunked,"]],
    ["a NUL in a header", ["X: a\0b", CL]],
    ["a NUL in a name", ["Content\0-Length: 5"]],
    ["a bare LF before a header", [`X: y\n${TE}`, CL]],
    ["a bare CR before a header", [`X: y\r${TE}`, CL]],
    ["a header without a name", [": 5", CL]],
    ["two hosts", ["Host: other"]],
  ])("LB2 %s → 400, closed, never at the replica, others unharmed", async (_what, lines) => {
    const client = await attacker();
    client.send(Buffer.from(head(...lines) + HIDDEN, "latin1"));
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"bad-request"/);
    await honest.isServed();
    expect(strangers).toEqual([]);
  });

  it.each([
    ["a size that is no size", "g\r\n"],
    ["a signed size", "+1\r\na\r\n"],
    ["a size with a space", "1 \r\na\r\n"],
    ["an endless size", `${"0".repeat(40)}1\r\na\r\n`],
    ["a bare LF behind the size", "1\na\r\n"],
    ["a chunk longer than it says", "1\r\nab\r\n"],
    ["a length among the trailers that is folded", "0\r\nX: y\r\n Content-Length: 5\r\n\r\n"],
  ])("LB2 chunks with %s → 400, closed, others unharmed", async (_what, body) => {
    const client = await attacker();
    client.send(head(TE) + body + HIDDEN);
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /);
    await honest.isServed();
    expect(strangers.filter((url) => url !== "/smuggle")).toEqual([]);
  });

  it.each([
    ["a head over 16 KiB", () => head(`X: ${"y".repeat(17_000)}`)],
    ["a target over 16 KiB", () => `GET /${"y".repeat(17_000)} HTTP/1.1\r\n`],
    ["more than 100 headers", () => head(...Array(101).fill("X: y"))],
  ])("LB2 %s → 431, closed", async (_what, bytes) => {
    const client = await attacker();
    client.send(bytes());
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 431 /);
    await honest.isServed();
    expect(strangers).toEqual([]);
  });
});

describe("floods", () => {
  it("LB4 a thousand requests in one go are answered in order, others meanwhile", async () => {
    await start();
    const client = await attacker();
    const ask = (_: unknown, at: number) => `GET /${at} HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`;
    client.send(Array.from({ length: 1_000 }, ask).join(""));
    await honest.isServed();
    await client.until(({ text }) => text.endsWith("for /999"));
    expect(strangers).toEqual(Array.from({ length: 1_000 }, (_, at) => `/${at}`));
  });

  it("LB22 connections too many are told so, others are unharmed, and there is room again", async () => {
    await start({ maxClients: 50 });
    const halfOpen = await Promise.all(Array.from({ length: 200 }, attacker));
    for (const client of halfOpen) client.send("GET / HT");
    const away = () => halfOpen.filter((client) => client.isClosed || client.hasEnded);
    await expect.poll(() => away().length).toBe(151);
    for (const client of away()) {
      expect(client.text).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"too-many-clients"/);
    }
    await honest.isServed();
    for (const client of halfOpen) client.leave();
    await expect.poll(() => rig.balancer.limits()["client connections"]?.used).toBe(1);
    const client = await attacker();
    client.send(`GET /again HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
    await client.take("for /again");
  });

  it("LB22 a client is told when the system allows too few open files, and taps keep theirs", async () => {
    const seats = new Seats(356);
    seats.leaveRoomFor(8);
    expect(seats.limit).toBe(1);
    await start({ seats });
    const second = await attacker();
    await expect.poll(() => second.hasEnded || second.isClosed).toBe(true);
    expect(second.text).toMatch(/^HTTP\/1\.1 503 [\s\S]*allows the wire 356 open files/);
    await honest.isServed();
    expect(seats.taken).toBe(1);
  });

  it("LB14 three hundred upgrades that nobody asked for harm no one", async () => {
    await start();
    const upgrade = `GET /socket.io/?EIO=4&transport=websocket&sid=none HTTP/1.1\r\nHost: ${rig.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    const flood = await Promise.all(Array.from({ length: 300 }, attacker));
    for (const client of flood) client.send(upgrade.repeat(3));
    await honest.isServed();
    await Promise.all(flood.map((client) => client.take("for /socket.io/")));
    for (const client of flood) client.leave();
    await honest.isServed();
    await expect.poll(() => rig.balancer.limits()["client connections"]?.used).toBe(1);
  });
});

describe("a replica that answers what is no answer", () => {
  const garbage = async (write: (socket: Socket) => void): Promise<RawClient> => {
    const replica = tellingReplica();
    const honestServers = await startReplicas({ "lp-1": replica.listener });
    const server = await listen(
      createServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => write(socket));
      }),
    );
    rig = await startBalancer({ ...honestServers, "lp-2": server });
    honest = await openHonest(rig);
    const client = await attacker();
    client.send(`GET /x?replica=lp-2 HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
    return client;
  };

  it.each([
    ["noise", "\x16\x03\x01\0\0 not http at all\r\n\r\n"],
    ["a head that is too long", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(20_000)}`],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "a length and chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["an upgrade nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
  ])("LB23 %s → 502 with a reason, others unharmed", async (_what, bytes) => {
    const client = await garbage((socket) => socket.write(Buffer.from(bytes, "latin1")));
    expect(await client.take("}}")).toMatch(/^HTTP\/1\.1 502 [\s\S]*Replica lp-2 did not answer/);
    await honest.isServed();
    await honest.isServed();
  });

  it("LB23 chunks that turn bad behind the head close the client's connection", async () => {
    const client = await garbage((socket) =>
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nzz\r\n"),
    );
    await client.closed();
    await honest.isServed();
  });

  it("LB5 interim answers without end wait for a client that does not read", async () => {
    let written = 0;
    const interim = "HTTP/1.1 102 Processing\r\n\r\n".repeat(2_000);
    const client = await garbage((socket) => {
      const more = () => {
        if (written > 64 * 1024 * 1024 || socket.destroyed) return;
        socket.write(interim, more);
        written += interim.length;
      };
      more();
    });
    client.socket.pause();
    let [last, still] = [-1, 0];
    await expect
      .poll(
        () => {
          still = written === last ? still + 1 : 0;
          last = written;
          return still;
        },
        { timeout: 10_000, interval: 25 },
      )
      .toBeGreaterThan(8);
    expect(written).toBeLessThan(32 * 1024 * 1024);
    await honest.isServed();
  });
});
