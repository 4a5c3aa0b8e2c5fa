/** Clients that take their time: the balancer's own time limits, on a clock that the test tells. */
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openHonest, type TellingReplica, tellingReplica } from "./testing/honest-client.ts";
import { RawClient } from "./testing/raw-client.ts";
import { listen, type Rig, startReplicas } from "./testing/start-balancer.ts";
import { startToldTime, type ToldTime } from "./testing/told-time.ts";

let time: ToldTime;
let rig: Rig;
let replica: TellingReplica;
/** Bytes that `lp-2` could hand over. */
let poured = 0;
let honest: Awaited<ReturnType<typeof openHonest>>;
const clients: RawClient[] = [];
const MIB = 1024 * 1024;
const BLOCK = Buffer.alloc(64 * 1024, "x");

/** `lp-2` sends without end, switched or not, as fast as it is read. */
async function startEndless() {
  return listen(
    createServer((socket) => {
      socket.on("error", () => undefined);
      const pour = (first: string) => {
        socket.write(first);
        const more = (): void => {
          if (socket.destroyed) return;
          poured += BLOCK.length;
          socket.write(BLOCK, more);
        };
        more();
      };
      socket.once("data", (asked: Buffer) =>
        String(asked).includes("Upgrade")
          ? pour("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
          : pour(`HTTP/1.1 200 OK\r\nContent-Length: ${1024 * MIB}\r\n\r\n`),
      );
    }),
  );
}

beforeEach(async () => {
  replica = tellingReplica();
  poured = 0;
  const servers = await startReplicas({ "lp-1": replica.listener });
  const endless = await startEndless();
  time = await startToldTime({ ...servers, "lp-2": endless });
  rig = time.rig;
  honest = await openHonest(rig);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  honest.leave();
  await rig.close();
});

async function send(text: string): Promise<RawClient> {
  const client = await RawClient.open(rig.port);
  clients.push(client);
  client.send(text);
  return client;
}
/** Stops reading, and waits until nothing moves any more: buffers are full, and not large. */
async function isUnread(client: RawClient): Promise<void> {
  client.socket
    .removeAllListeners("data")
    .on("data", () => undefined)
    .pause();
  let [last, looks] = [-1, 0];
  await vi.waitFor(
    () => {
      looks = poured === last ? looks + 1 : 0;
      last = poured;
      expect(looks).toBeGreaterThan(8);
    },
    { timeout: 10_000, interval: 20 },
  );
  expect(poured - client.socket.bytesRead).toBeLessThan(32 * MIB);
}
/** In the end; the system may have taken a little more meanwhile. */
async function isCut(): Promise<void> {
  const afterALongTime = async () => {
    await honest.isServed();
    time.pass(110_001);
    return rig.hops("socket.close")[0]?.info?.reason;
  };
  await expect.poll(afterALongTime, { timeout: 10_000 }).toBe("the client read nothing for 110 s");
}
const post = (...lines: string[]) =>
  `POST /slow?replica=lp-1 HTTP/1.1\r\nHost: ${rig.host}\r\n${lines.join("\r\n")}\r\n\r\n`;
const get = (line = "X: y") =>
  `GET /?replica=lp-2 HTTP/1.1\r\nHost: ${rig.host}\r\n${line}\r\n\r\n`;
const hasCome = (bytes: number) => expect.poll(() => replica.bodyBytes()).toBe(bytes);

describe("slow clients", () => {
  it("LB13 a head that comes byte by byte → 408 after 15 s, and never at the replica", async () => {
    const client = await send("GET /slow HTTP/1.1\r\n");
    await honest.isServed();
    for (let second = 1; second <= 15; second++) {
      client.send("x");
      time.pass(1_000);
    }
    expect(client.text).toBe("");
    time.pass(1_000);
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 [\s\S]*a head that never ended/);
    await honest.isServed();
    expect(replica.strangers).toEqual([]);
  });

  it("LB13 a body that stops → 408 after 30 s, and its replica is free of it", async () => {
    const client = await send(`${post("Content-Length: 9")}half`);
    await hasCome(4);
    time.pass(30_000);
    await honest.isServed();
    expect(client.text).toBe("");
    time.pass(1);
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 [\s\S]*a body that never ended/);
    await honest.isServed();
    expect(rig.hops("http.response").map(({ label }) => label)).toContain("408 bad request");
  });

  it("LB13 a body that comes a few bytes at a time → 408, one that comes as fast as a modem not", async () => {
    const slow = await send(post("Transfer-Encoding: chunked"));
    const modem = await send(post("Content-Length: 100000"));
    let bytes = 0;
    for (let second = 5; second <= 35; second += 5) {
      slow.send("1\r\nx\r\n");
      modem.send("y".repeat(2_500));
      bytes += 2_501;
      await hasCome(bytes);
      time.pass(5_000);
    }
    expect(await slow.closed()).toMatch(/^HTTP\/1\.1 408 [\s\S]*a body that comes too slowly/);
    expect(modem.isClosed).toBe(false);
    modem.send("y".repeat(82_500));
    await modem.take("for /slow");
    await honest.isServed();
  });

  it("LB24 a client that reads nothing of its answer is cut after 110 s, in bounded memory", async () => {
    const client = await send(get());
    await isUnread(client);
    time.pass(1_000);
    time.pass(110_000);
    await honest.isServed();
    expect(rig.hops("socket.close")).toEqual([]);
    await isCut();
    client.socket.resume();
    await client.closed();
    await honest.isServed();
  });

  it("LB24 so is one that reads nothing of its socket", async () => {
    const client = await send(get("Connection: Upgrade\r\nUpgrade: x"));
    await isUnread(client);
    await isCut();
    expect(rig.balancer.held()).toEqual({ "lp-1": 0, "lp-2": 0 });
    await honest.isServed();
  });

  it("LB24 one that reads a little now and then is not", async () => {
    const client = await send(get());
    await isUnread(client);
    for (let round = 0; round < 3; round++) {
      time.pass(109_000);
      const before = poured;
      client.socket.resume();
      await expect.poll(() => poured).toBeGreaterThan(before + 4 * MIB);
      await isUnread(client);
    }
    expect(rig.hops("socket.close")).toEqual([]);
  });
});
