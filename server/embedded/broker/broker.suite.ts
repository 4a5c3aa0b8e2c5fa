/**
 * The broker's contract (docs/spec/broker.md) in raw bytes: run against the embedded broker and
 * against real Redis, which must give the same bytes.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrokerUnderTest, StartBroker } from "./testing/brokers.ts";
import { type RawClient, rawClient } from "./testing/raw-client.ts";

const ONLY_SUBSCRIBER =
  "only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";

/** [what, said, answered]: each on a connection of its own. */
const CONVERSATIONS: [rule: string, said: string, answered: string][] = [
  ["BR1 PING", "PING\r\nPING hi\r\n", "+PONG\r\n$2\r\nhi\r\n"],
  ["BR1 ECHO", "ECHO hi\r\n", "$2\r\nhi\r\n"],
  [
    "BR1 SELECT",
    "SELECT 1\r\nSELECT 16\r\nSELECT a\r\n",
    "+OK\r\n-ERR DB index is out of range\r\n-ERR value is not an integer or out of range\r\n",
  ],
  [
    "BR1 CLIENT SETNAME and GETNAME",
    "CLIENT GETNAME\r\nCLIENT SETNAME a\r\nCLIENT GETNAME\r\n",
    "$-1\r\n+OK\r\n$1\r\na\r\n",
  ],
  [
    "BR1 a name with blanks is refused",
    'CLIENT SETNAME "a b"\r\n',
    "-ERR Client names cannot contain spaces, newlines or special characters.\r\n",
  ],
  [
    "BR1 RESET",
    "SUBSCRIBE a\r\nRESET\r\nECHO a\r\n",
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n+RESET\r\n$1\r\na\r\n",
  ],
  [
    "BR1 PUBSUB of nobody",
    "PUBSUB CHANNELS\r\nPUBSUB NUMSUB a\r\nPUBSUB NUMPAT\r\n",
    "*0\r\n*2\r\n$1\r\na\r\n:0\r\n:0\r\n",
  ],
  [
    "BR1 AUTH without a password set",
    "AUTH x\r\nAUTH default x\r\nAUTH me x\r\n",
    "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n+OK\r\n-WRONGPASS invalid username-password pair or user is disabled.\r\n",
  ],
  [
    "BR1 UNSUBSCRIBE from nothing",
    "UNSUBSCRIBE\r\nPUNSUBSCRIBE a\r\n",
    "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n*3\r\n$12\r\npunsubscribe\r\n$1\r\na\r\n:0\r\n",
  ],
  [
    "BR1 subscribing twice counts once",
    "SUBSCRIBE a a\r\nPSUBSCRIBE a\r\n",
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$10\r\npsubscribe\r\n$1\r\na\r\n:2\r\n",
  ],
  [
    "BR2 unknown command",
    "FOO a b\r\nPING\r\n",
    "-ERR unknown command 'FOO', with args beginning with: 'a' 'b' \r\n+PONG\r\n",
  ],
  [
    "BR2 unknown command with line ends",
    "*2\r\n$3\r\nfoo\r\n$4\r\na\r\nb\r\n",
    "-ERR unknown command 'foo', with args beginning with: 'a  b' \r\n",
  ],
  [
    "BR2 unknown command, long",
    `foo ${"x".repeat(200)} b\r\n`,
    `-ERR unknown command 'foo', with args beginning with: '${"x".repeat(128)}' \r\n`,
  ],
  [
    "BR2 too few arguments",
    "PUBLISH a\r\n",
    "-ERR wrong number of arguments for 'publish' command\r\n",
  ],
  [
    "BR2 too many arguments",
    "PING a b\r\n",
    "-ERR wrong number of arguments for 'ping' command\r\n",
  ],
  [
    "BR2 a subcommand's arguments",
    "CLIENT SETNAME\r\n",
    "-ERR wrong number of arguments for 'client|setname' command\r\n",
  ],
  [
    "BR2 unknown subcommand",
    "CLIENT fly\r\nPUBSUB\r\n",
    "-ERR unknown subcommand 'fly'. Try CLIENT HELP.\r\n-ERR wrong number of arguments for 'pubsub' command\r\n",
  ],
  [
    "BR2 syntax of subcommands",
    "PUBSUB CHANNELS a b\r\nCLIENT NO-EVICT x\r\n",
    "-ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.\r\n-ERR syntax error\r\n",
  ],
  [
    "BR3 inline commands, quotes and empty lines",
    "\r\nECHO \"a\\x41\\n\"\r\nECHO 'b c'\r\n",
    "$3\r\naA\n\r\n$3\r\nb c\r\n",
  ],
  ["BR3 empty and null arrays are passed over", "*0\r\n*-1\r\nPING\r\n", "+PONG\r\n"],
  [
    "BR4 another protocol is refused",
    "HELLO 4\r\nHELLO x\r\nHELLO 3 FOO\r\nCLIENT GETNAME\r\n",
    "-NOPROTO unsupported protocol version\r\n-ERR Protocol version is not an integer or out of range\r\n-ERR Syntax error in HELLO option 'FOO'\r\n$-1\r\n",
  ],
  [
    "BR5 a RESP2 subscriber may do little",
    "SUBSCRIBE a\r\nECHO x\r\nCLIENT ID\r\nPING\r\nPING x\r\nUNSUBSCRIBE\r\nPING\r\n",
    `*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n-ERR Can't execute 'echo': ${ONLY_SUBSCRIBER}\r\n-ERR Can't execute 'client|id': ${ONLY_SUBSCRIBER}\r\n*2\r\n$4\r\npong\r\n$0\r\n\r\n*2\r\n$4\r\npong\r\n$1\r\nx\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:0\r\n+PONG\r\n`,
  ],
  ["BR8 nobody is there", "PUBLISH nobody x\r\n", ":0\r\n"],
];

/** [what, said, last words]: the broker answers and hangs up. */
const LAST_WORDS: [rule: string, said: string, answered: string][] = [
  ["BR1 QUIT", "QUIT\r\nPING\r\n", "+OK\r\n"],
  ["BR3 not a bulk", "*1\r\n!4\r\nPING\r\n", "-ERR Protocol error: expected '$', got '!'\r\n"],
  ["BR3 bad count", "*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n"],
  ["BR3 bad length", "*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length\r\n"],
  ["BR3 unbalanced quotes", 'ECHO "a\r\n', "-ERR Protocol error: unbalanced quotes in request\r\n"],
  ["BR3 an endless line", "x".repeat(70_000), "-ERR Protocol error: too big inline request\r\n"],
  ["BR7 HTTP", "POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n", ""],
];

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
      await expect.poll(() => talk(two, "PUBLISH leaving x")).toBe(":0\r\n");
    });
  });

  describe(`password of ${name}`, () => {
    let broker: BrokerUnderTest;
    beforeAll(async () => {
      broker = await start({ password: "open sesame" });
    });
    afterAll(() => broker.stop());

    it.each([
      [
        "BR6 nothing is obeyed before it",
        "PING\r\nSUBSCRIBE a\r\n",
        "-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n",
      ],
      [
        "BR6 AUTH",
        'AUTH wrong\r\nAUTH "open sesame"\r\nPING\r\n',
        "-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n+PONG\r\n",
      ],
      [
        "BR6 AUTH with a user",
        'AUTH me "open sesame"\r\nAUTH default "open sesame"\r\n',
        "-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n",
      ],
      [
        "BR6 RESET takes it back",
        'AUTH "open sesame"\r\nRESET\r\nPING\r\n',
        "+OK\r\n+RESET\r\n-NOAUTH Authentication required.\r\n",
      ],
      [
        "BR6 HELLO without it",
        "HELLO 3\r\n",
        "-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO ",
      ],
      ["BR6 HELLO with it", 'HELLO 3 AUTH default "open sesame"\r\n', "%7\r\n"],
    ])("%s", async (_, said, answered) => {
      const one = await rawClient(broker.port);
      one.say(said);
      expect(await one.like(answered)).toBe(answered);
      one.close();
    });
  });
}
