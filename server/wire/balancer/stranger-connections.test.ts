/**
 * A stranger's connections: each client's is its own, ends with it, and becomes whatever the two agree
 * on. (What is said on them, byte for byte, is in stranger-bytes.test.ts.)
 */
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { closeStrangers, GET, latin, watchStranger } from "./testing/watched-stranger.ts";

afterEach(closeStrangers);

describe("a stranger's connections", () => {
  it("TG8 each client has one of its own, and loses it when the server ends it", async () => {
    const { open, reached, played } = await watchStranger();
    const [first, second] = [await open(), await open()];
    for (const [index, client] of [first, second].entries()) {
      client.send(GET);
      (await reached(GET, index)).socket.write("HTTP/1.1 204 No Content\r\n\r\n");
      await client.take("\r\n\r\n");
    }
    played.heard[0]?.socket.end(); // an idle connection that a server keeps no longer
    await first.closed();
    second.send(GET);
    await reached(GET + GET, 1);
    expect(second.isClosed).toBe(false);
  });

  it("TG8 a client that leaves takes it along", async () => {
    const { open, reached } = await watchStranger();
    const client = await open();
    client.send(GET);
    const heard = await reached(GET);
    heard.socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    await client.take("\r\n\r\n");
    client.leave();
    await expect.poll(() => heard.hasEnded, { timeout: 5_000 }).toBe(true);
  });

  it("TG8 a client that half-closes behind its request gets its answer", async () => {
    const { open, reached } = await watchStranger();
    const client = await open({ allowHalfOpen: true });
    client.socket.end(GET);
    const heard = await reached(GET);
    await expect.poll(() => heard.hasEnded, { timeout: 5_000 }).toBe(true);
    heard.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
    expect(await client.closed()).toMatch(/late$/);
  });

  it("TG8 a server that ends the connection instead of answering ends the client's", async () => {
    const { open, reached, rig } = await watchStranger();
    const client = await open();
    client.send(GET);
    (await reached(GET)).socket.destroy();
    expect(await client.closed()).toBe("");
    expect(rig.hops("socket.close").map(({ info }) => info?.closedBy)).toEqual(["server"]);
  });

  it("TG5 one where nobody listens is answered 503, in words", async () => {
    const { open, played } = await watchStranger();
    await new Promise((resolve) => played.server.close(resolve));
    const client = await open();
    client.send(GET);
    const answer = await client.take("}}");
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*accepts no connection\. Start it/s);
  });
});

const UPGRADE =
  "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
const SWITCHED = "HTTP/1.1 101 Sure\r\nupgrade: WebSocket\r\nConnection: upgrade\r\n\r\n";

describe("a stranger's sockets", () => {
  it.each(["client", "server"] as const)(
    "TG6 bytes right behind the upgrade, from both sides, and a half-close from the %s",
    async (endsFirst) => {
      const { open, reached, played } = await watchStranger();
      const client = await open({ allowHalfOpen: true });
      const frame = Buffer.from([0x82, 0x81, 1, 2, 3, 4, 0xfe]);
      client.send(Buffer.concat([latin(UPGRADE), frame]));
      await expect.poll(() => played.heard[0]?.text, { timeout: 5_000 }).toContain("\r\n\r\n");
      const server = played.heard[0]?.socket;
      server?.write(Buffer.concat([latin(SWITCHED), Buffer.from([0x81, 2, 104, 105])]));
      await client.until(({ text }) => text.endsWith("hi"));
      await reached(UPGRADE + frame.toString("latin1"));
      if (endsFirst === "client") client.socket.end();
      else server?.end();
      const seesEnd = () =>
        endsFirst === "client" ? played.heard[0]?.hasEnded === true : client.hasEnded;
      await expect.poll(seesEnd, { timeout: 5_000 }).toBe(true);
      // The other side may still speak.
      if (endsFirst === "client") {
        server?.end(latin("\x81\x01x"));
        expect(await client.closed()).toBe(`${SWITCHED}\x81\x02hi\x81\x01x`);
      } else {
        client.socket.end(frame);
        await reached(UPGRADE + frame.toString("latin1").repeat(2));
      }
    },
  );

  it("TG6 whatever is spoken behind another upgrade", async () => {
    const { open, reached } = await watchStranger();
    const client = await open();
    const upgrade = UPGRADE.replace("websocket", "mystery/2");
    client.send(upgrade);
    const heard = await reached(upgrade);
    heard.socket.write(SWITCHED);
    await client.take("\r\n\r\n");
    const noise = randomBytes(100_000);
    heard.socket.write(noise);
    client.send(noise);
    await client.until(({ received }) => received.length >= noise.length);
    await expect
      .poll(() => heard.bytes.length, { timeout: 5_000 })
      .toBe(upgrade.length + noise.length);
    expect(client.received.equals(noise)).toBe(true);
    expect(heard.bytes.subarray(upgrade.length).equals(noise)).toBe(true);
  });

  it("TG9 an upgrade may take as long as its server likes", async () => {
    const { open, reached } = await watchStranger();
    const client = await open();
    client.send(UPGRADE);
    const heard = await reached(UPGRADE);
    await new Promise((resolve) => setImmediate(resolve));
    heard.socket.write(SWITCHED);
    await client.take("\r\n\r\n");
  });
});
