/** What the embedded broker promises beyond Redis' contract: bounds, and its life as a process. */
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { forkEntry } from "../../processes/fork-entry.ts";
import { startEmbedded } from "./testing/brokers.ts";
import { type RawClient, rawClient } from "./testing/raw-client.ts";

const SUBSCRIBED = "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n";

describe("bounds of the embedded broker", () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  const start = async (limits: Parameters<typeof startEmbedded>[0] & object) => {
    const broker = await startEmbedded(limits);
    closers.push(() => broker.stop());
    const client = async (): Promise<RawClient> => {
      const one = await rawClient(broker.port);
      closers.push(() => one.close());
      return one;
    };
    return { ...broker, client };
  };
  const subscribe = async (one: RawClient) => {
    one.say("SUBSCRIBE a\r\n");
    expect(await one.like(SUBSCRIBED)).toBe(SUBSCRIBED);
  };

  it("BR14 a subscriber that does not read is disconnected, the others get everything", async () => {
    const broker = await start({ limits: { hardOutputBytes: 4 * 1024 * 1024 } });
    const [slow, quick, publisher] = [
      await broker.client(),
      await broker.client(),
      await broker.client(),
    ];
    await subscribe(slow);
    await subscribe(quick);
    slow.pause();
    const payload = "x".repeat(512 * 1024);
    let heard = 0;
    // Kernel buffers take some; then ours fill, and the count of receivers drops to one.
    for (let sent = 1; ; sent++) {
      publisher.say(`*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$${payload.length}\r\n${payload}\r\n`);
      const receivers = await publisher.like(":2\r\n");
      const expected = `*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$${payload.length}\r\n${payload}\r\n`;
      if ((await quick.like(expected)) === expected) heard++;
      expect(heard).toBe(sent);
      if (receivers === ":1\r\n") break;
      expect(sent).toBeLessThan(100);
    }
    expect(broker.said.join()).toMatch(
      /client 1 \(127\.0\.0\.1:\d+\) disconnected: \d+ bytes unsent/,
    );
  });

  it("BR14 so is one that stays above the soft limit for too long", async () => {
    const limits = { softOutputBytes: 1024 * 1024, softOutputMs: 0 };
    const broker = await start({ limits });
    const [slow, publisher] = [await broker.client(), await broker.client()];
    await subscribe(slow);
    slow.pause();
    const payload = "x".repeat(512 * 1024);
    const publish = () => {
      publisher.say(`*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$${payload.length}\r\n${payload}\r\n`);
      return publisher.like(":1\r\n");
    };
    await expect.poll(publish, { timeout: 10_000, interval: 0 }).toBe(":0\r\n");
  });

  it("BR15 a client too many is told so and closed", async () => {
    const broker = await start({ limits: { maxClients: 1 } });
    const first = await broker.client();
    const second = await broker.client();
    expect(await second.read(1_000)).toBe("-ERR max number of clients reached\r\n");
    first.say("PING\r\n");
    expect(await first.like("+PONG\r\n")).toBe("+PONG\r\n");
  });

  it("BR15 a client too many keeps no socket of ours, even if it keeps its end open", async () => {
    const broker = await start({ limits: { maxClients: 0 } });
    const one = await rawClient(broker.port, true);
    closers.push(() => one.close());
    one.say("PING\r\n");
    await one.like("-ERR max number of clients reached\r\n");
    one.say("PING\r\n"); // where nobody has the other end any more, this is answered by a reset
    await one.closed();
  });

  it("BR15 a subscription too many is refused", async () => {
    const broker = await start({ limits: { maxSubscriptionsPerClient: 1 } });
    const one = await broker.client();
    await subscribe(one);
    one.say("SUBSCRIBE a\r\nPSUBSCRIBE b\r\n");
    const expected = `${SUBSCRIBED}-ERR max number of subscriptions reached\r\n`;
    expect(await one.like(expected)).toBe(expected);
  });

  it("BR15 a command too large closes its connection", async () => {
    const broker = await start({ limits: { maxQueryBytes: 1_000 } });
    const bulk = await broker.client();
    bulk.say("*2\r\n$4\r\nECHO\r\n$1001\r\n");
    expect(await bulk.read(1_000)).toBe("-ERR Protocol error: invalid bulk length\r\n");
    const many = await broker.client();
    many.say(`*100\r\n${`$900\r\n${"x".repeat(900)}\r\n`.repeat(2)}`);
    await many.closed();
  });

  it("BR16 a client that does not read its replies is not read from, and loses none", async () => {
    const broker = await start({ limits: { replyBacklogBytes: 10_000 } });
    const one = await broker.client();
    const text = "x".repeat(100_000);
    const echo = `*2\r\n$4\r\nECHO\r\n$${text.length}\r\n${text}\r\n`;
    for (let sent = 0; sent < 50; sent++) one.say(echo);
    const expected = `$${text.length}\r\n${text}\r\n`.repeat(50);
    expect((await one.like(expected)) === expected).toBe(true);
  });
});

describe("the embedded broker as a process", () => {
  const fork = (port: number) =>
    forkEntry({ entry: "./broker-main", from: import.meta.url, env: { PORT: `${port}` } });

  it("BR17 tells its port, answers, and ends when its parent lets go", async () => {
    const child = fork(0);
    const [said] = await once(child, "message");
    expect(said).toEqual({ type: "ready", port: expect.any(Number) });
    const one = await rawClient(said.port);
    one.say("PING\r\n");
    expect(await one.like("+PONG\r\n")).toBe("+PONG\r\n");
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
    await one.closed();
  });

  it("BR17 tells why it cannot listen", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const child = fork((other.address() as { port: number }).port);
    const [said] = await once(child, "message");
    expect(said).toEqual({ type: "failed", message: expect.stringContaining("EADDRINUSE") });
    await once(child, "exit");
    other.close();
  });
});
