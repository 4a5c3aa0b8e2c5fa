/**
 * The broker's contract (docs/spec/broker.md) in raw bytes: run against the embedded broker and
 * against real Redis, which must give the same bytes.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrokerUnderTest, StartBroker } from "./testing/brokers.ts";
import { CONVERSATIONS, LAST_WORDS, WITH_PASSWORD } from "./testing/conversations.ts";
import { type RawClient, rawClient } from "./testing/raw-client.ts";

/** On a busy machine, too. */
const SOON = { timeout: 10_000 };

export function brokerBytesSuite(name: string, start: StartBroker): void {
  describe(`bytes of ${name}`, () => {
    let broker: BrokerUnderTest;
    const clients: RawClient[] = [];
    const client = async (hello = "") => {
      const one = await rawClient(broker.port);
      clients.push(one);
      if (hello) await talk(one, hello);
      return one;
    };
    /** Says something and reads up to the reply of an ECHO sent after it. */
    const talk = async (one: RawClient, said: string) => {
      one.say(`${said}\r\nECHO the-end\r\n`);
      let heard = "";
      while (!heard.endsWith("$7\r\nthe-end\r\n")) heard += await one.read(1);
      return heard.slice(0, -"$7\r\nthe-end\r\n".length);
    };
    beforeAll(async () => {
      broker = await start({});
    });
    afterAll(async () => {
      for (const one of clients) one.close();
      await broker.stop();
    });

    it.each(CONVERSATIONS)("%s", async (_, said, answered) => {
      const one = await client();
      one.say(said);
      expect(await one.like(answered)).toBe(answered);
    });

    it.each(LAST_WORDS)("%s, then the connection is closed", async (_, said, answered) => {
      const one = await client();
      one.say(said);
      await one.closed();
      expect(await one.read(10_000)).toBe(answered);
    });

    it("BR1 a command may come byte by byte", async () => {
      const one = await client();
      for (const byte of "*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n") one.say(byte);
      expect(await one.like("$3\r\na\r\n\r\n")).toBe("$3\r\na\r\n\r\n");
    });

    it("BR4 HELLO 3 answers a map and switches to RESP3, HELLO 2 switches back", async () => {
      const one = await client();
      const three = await talk(
        one,
        'HELLO 3 SETNAME me\r\nCLIENT GETNAME\r\nCLIENT SETNAME ""\r\nCLIENT GETNAME',
      );
      expect(three).toMatch(
        /^%7\r\n\$6\r\nserver\r\n\$5\r\nredis\r\n\$7\r\nversion\r\n\$\d\r\n[\d.]+\r\n\$5\r\nproto\r\n:3\r\n\$2\r\nid\r\n:\d+\r\n\$4\r\nmode\r\n\$10\r\nstandalone\r\n\$4\r\nrole\r\n\$6\r\nmaster\r\n\$7\r\nmodules\r\n\*0\r\n\$2\r\nme\r\n\+OK\r\n_\r\n$/,
      );
      expect(await talk(one, "HELLO 2\r\nCLIENT GETNAME")).toMatch(
        /^\*14\r\n[\s\S]*\*0\r\n\$-1\r\n$/,
      );
    });

    it("BR1 INFO is text that says the server is loaded and a master", async () => {
      const one = await client();
      const two = await talk(one, "INFO");
      expect(two).toMatch(/^\$\d+\r\n# Server\r\n/);
      expect(two).toMatch(/\r\nloading:0\r\n/);
      expect(two).toMatch(/\r\nrole:master\r\n/);
      expect(await talk(one, "INFO nosuch")).toBe("$0\r\n\r\n");
      expect(await talk(await client("HELLO 3"), "INFO nosuch")).toBe("=4\r\ntxt:\r\n");
    });

    it("BR8 BR11 a publish reaches channel and pattern subscribers, in RESP2 as arrays", async () => {
      const [one, two] = [await client(), await client()];
      one.say("SUBSCRIBE news\r\n");
      await one.like("*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
      one.say("PSUBSCRIBE n*\r\n");
      await one.like("*3\r\n$10\r\npsubscribe\r\n$2\r\nn*\r\n:2\r\n");
      expect(await talk(two, "PUBLISH news hi")).toBe(":2\r\n");
      const expected =
        "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n" +
        "*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$2\r\nhi\r\n";
      expect(await one.like(expected)).toBe(expected);
    });

    it("BR5 BR11 BR12 a RESP3 subscriber publishes to itself: pushes beside the reply", async () => {
      const one = await client("HELLO 3");
      expect(await talk(one, "SUBSCRIBE self")).toBe(
        ">3\r\n$9\r\nsubscribe\r\n$4\r\nself\r\n:1\r\n",
      );
      const heard = await talk(one, "PUBLISH self hi");
      const aPush = ">3\r\n$7\r\nmessage\r\n$4\r\nself\r\n$2\r\nhi\r\n";
      expect([`:1\r\n${aPush}`, `${aPush}:1\r\n`]).toContain(heard);
      expect(await talk(one, "UNSUBSCRIBE\r\nUNSUBSCRIBE")).toBe(
        ">3\r\n$11\r\nunsubscribe\r\n$4\r\nself\r\n:0\r\n>3\r\n$11\r\nunsubscribe\r\n_\r\n:0\r\n",
      );
    });

    it("BR11 payloads and channel names are bytes", async () => {
      const [one, two] = [await client(), await client()];
      const every = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
      one.say(`*2\r\n$9\r\nSUBSCRIBE\r\n$256\r\n${every}\r\n`);
      await one.like(`*3\r\n$9\r\nsubscribe\r\n$256\r\n${every}\r\n:1\r\n`);
      two.say(`*3\r\n$7\r\nPUBLISH\r\n$256\r\n${every}\r\n$256\r\n${every}\r\n`);
      const expected = `*3\r\n$7\r\nmessage\r\n$256\r\n${every}\r\n$256\r\n${every}\r\n`;
      expect(await one.like(expected)).toBe(expected);
    });

    it("BR10 pipelined publishes arrive in their order", async () => {
      const [one, two] = [await client(), await client()];
      one.say("SUBSCRIBE order\r\n");
      await one.like("*3\r\n$9\r\nsubscribe\r\n$5\r\norder\r\n:1\r\n");
      const numbers = Array.from({ length: 500 }, (_, at) => `${at + 100}`);
      two.say(numbers.map((number) => `PUBLISH order ${number}\r\n`).join(""));
      const expected = numbers
        .map((number) => `*3\r\n$7\r\nmessage\r\n$5\r\norder\r\n$3\r\n${number}\r\n`)
        .join("");
      expect(await one.like(expected)).toBe(expected);
    });

    it("BR13 a client that goes is subscribed to nothing", async () => {
      const [one, two] = [await client(), await client()];
      one.say("SUBSCRIBE leaving\r\n");
      await one.like("*3\r\n$9\r\nsubscribe\r\n$7\r\nleaving\r\n:1\r\n");
      one.close();
      await expect.poll(() => talk(two, "PUBLISH leaving x"), SOON).toBe(":0\r\n");
    });

    it("BR13 nor is one that has said QUIT and keeps its end open", async () => {
      const quitter = await rawClient(broker.port, true);
      clients.push(quitter);
      const two = await client();
      quitter.say("SUBSCRIBE quitting\r\nQUIT\r\n");
      const said = "*3\r\n$9\r\nsubscribe\r\n$8\r\nquitting\r\n:1\r\n+OK\r\n";
      expect(await quitter.like(said)).toBe(said);
      await expect.poll(() => talk(two, "PUBLISH quitting x"), SOON).toBe(":0\r\n");
    });
  });

  describe(`password of ${name}`, () => {
    let broker: BrokerUnderTest;
    beforeAll(async () => {
      broker = await start({ password: "open sesame" });
    });
    afterAll(() => broker.stop());

    it.each(WITH_PASSWORD)("%s", async (_, said, answered) => {
      const one = await rawClient(broker.port);
      one.say(said);
      expect(await one.like(answered)).toBe(answered);
      one.close();
    });
  });
}
