/**
 * In front of a server that we did not write: raw sockets at both ends, and what each said is what the
 * other heard. (Arbitrary exchanges and frames, cut anywhere, are in balancer-bytes.test.ts, as a stranger's too.)
 */
import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { NOTHING_ORDERED } from "../../../shared/hold/hold-state.ts";
import { cut, places, sendPieces } from "../testing/broken-bytes.ts";
import { type HttpExchange, httpExchange } from "../testing/http-bytes.ts";
import { WireGate } from "../wire-gate.ts";
import type { Heard } from "./testing/played-server.ts";
import { closeStrangers, GET, latin, watchStranger } from "./testing/watched-stranger.ts";
import { wallClock } from "./wall-clock.ts";

afterEach(closeStrangers);

const EXCHANGES: [string, string, string][] = [
  [
    "header case, order, blanks and repeats",
    "GET /x HTTP/1.1\r\nX-b: 2\r\nhOST:   other.example\r\nX-A:1\r\nx-a: \t1 \r\nCookie: a=b\r\nCookie: c=d\r\nOrigin: https://evil.example\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\n\r\n",
    "HTTP/1.1 200 Everything's  Fine\r\nset-COOKIE: a=1\r\nSet-Cookie: b=2\r\nX-Name: caf\xe9\r\nContent-Length:  2\r\n\r\nhi",
  ],
  [
    "chunks with extensions and trailers",
    "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\nTrailer: X-Sum\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-Sum: 13\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n\x00\r\n000\r\nX-Sum: 1\r\nX-More:\r\n\r\n",
  ],
  ["HEAD", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"],
  ["204", GET, "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"],
  ["304", GET, 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 900\r\n\r\n'],
  [
    "interim answers",
    GET,
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  ],
  [
    "an upgrade that is declined",
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
  ],
  [
    "another method",
    "PROPFIND /dav HTTP/1.1\r\nHost: x\r\nDepth: 1\r\nContent-Length: 3\r\n\r\n<x>",
    "HTTP/1.1 207 Multi-Status\r\nContent-Length: 0\r\n\r\n",
  ],
  ["a server's own failure", GET, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"],
  [
    "many headers",
    `GET / HTTP/1.1\r\nHost: x\r\n${"X-Many: 1\r\n".repeat(1_500)}\r\n`,
    `HTTP/1.1 200 OK\r\n${"X-Many: 1\r\n".repeat(1_500)}Content-Length: 0\r\n\r\n`,
  ],
];

describe("a stranger's HTTP, byte for byte", () => {
  it.each(EXCHANGES)("TG6 %s", async (_what, request, response) => {
    const { open, reached, played } = await watchStranger();
    const client = await open();
    client.send(latin(request));
    const heard = await reached(request);
    heard.socket.write(latin(response));
    await client.until(({ text }) => text.length >= response.length);
    // And the connection is as good as before.
    client.send(GET);
    await reached(request + GET);
    heard.socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    await client.until(({ text }) => text.endsWith("204 No Content\r\n\r\n"));
    expect(client.text).toBe(`${response}HTTP/1.1 204 No Content\r\n\r\n`);
    expect(played.heard).toHaveLength(1);
  });

  it("TG6 100-continue: the body comes when the server has asked for it", async () => {
    const { open, reached } = await watchStranger();
    const client = await open();
    const head = "PUT /f HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n\r\n";
    client.send(head);
    const heard = await reached(head);
    heard.socket.write("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n");
    await client.take("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n");
    client.send("body");
    await reached(`${head}body`);
    heard.socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    await client.take("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  });

  it("TG6 pipelined requests arrive in order on one connection, and so do their answers", async () => {
    const { open, reached, played } = await watchStranger();
    const client = await open();
    const requests = [1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
    client.send(requests.join(""));
    for (const n of [1, 2, 3]) {
      const heard = await reached(requests.slice(0, n).join(""));
      heard.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${n}`);
      await client.take(`\r\n\r\n${n}`);
    }
    expect(played.heard).toHaveLength(1);
  });

  it("TG6 bodies of 2 MiB, both ways", async () => {
    const { open, played } = await watchStranger();
    const [up, down] = [randomBytes(2 << 20), randomBytes(2 << 20)];
    const hash = (bytes: Buffer) => createHash("sha1").update(bytes).digest("hex");
    const client = await open();
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${up.length}\r\n\r\n`);
    client.send(up);
    const gathered = () => played.heard[0]?.bytes.length ?? 0;
    await expect.poll(gathered, { timeout: 10_000 }).toBeGreaterThan(up.length);
    const heard = played.heard[0]?.bytes ?? Buffer.alloc(0);
    expect(hash(heard.subarray(heard.indexOf("\r\n\r\n") + 4))).toBe(hash(up));
    played.heard[0]?.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${down.length}\r\n\r\n`);
    played.heard[0]?.socket.write(down);
    await client.until(({ received }) => received.length > down.length, 10_000);
    expect(hash(client.received.subarray(client.received.indexOf("\r\n\r\n") + 4))).toBe(
      hash(down),
    );
  });

  it("TG15 LB20 secrets cross as they are, and are blanked in what is shown", async () => {
    const { open, reached, rig } = await watchStranger();
    const client = await open();
    const request = `GET /a?access_token=abc&b=1 HTTP/1.1\r\nHost: x\r\nCookie: sid=abc\r\n\r\n`;
    client.send(request);
    (await reached(request)).socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    await client.take("\r\n\r\n");
    const [hop] = rig.hops("http.request");
    expect(JSON.stringify(hop)).not.toContain("abc");
    expect(Buffer.concat(hop?.raw ?? []).toString()).toBe(
      "GET /a?access_token=***&b=1 HTTP/1.1\r\nHost: x\r\nCookie: (blanked)\r\n\r\n",
    );
  });

  it("TG15 secrets in any header of requests and answers are blanked in what is shown", async () => {
    const { open, reached, rig } = await watchStranger();
    const client = await open();
    const request =
      "GET /a HTTP/1.1\r\nHost: x\r\nReferer: http://x/b?c=1&token=abc\r\nx-api-key: abc\r\nAccept: */*\r\n\r\n";
    const answer =
      "HTTP/1.1 302 Found\r\nLocation: /cb?access_token=abc&d=2\r\nX-Csrf-Token: abc\r\nContent-Length: 0\r\n\r\n";
    client.send(request);
    (await reached(request)).socket.write(answer);
    expect(await client.take("\r\n\r\n")).toBe(answer);
    const shown = (kind: "http.request" | "http.response") =>
      Buffer.concat(rig.hops(kind)[0]?.raw ?? []).toString();
    expect(shown("http.request")).toBe(
      "GET /a HTTP/1.1\r\nHost: x\r\nReferer: http://x/b?c=1&token=***\r\nx-api-key: (blanked)\r\nAccept: */*\r\n\r\n",
    );
    expect(shown("http.response")).toBe(
      "HTTP/1.1 302 Found\r\nLocation: /cb?access_token=***&d=2\r\nX-Csrf-Token: (blanked)\r\nContent-Length: 0\r\n\r\n",
    );
  });

  it("TG6 HTTP/1.0, and an answer that ends with the connection", async () => {
    const { open, reached } = await watchStranger();
    const client = await open();
    client.send("GET / HTTP/1.0\r\n\r\n");
    const heard = await reached("GET / HTTP/1.0\r\n\r\n");
    heard.socket.end("HTTP/1.0 200 OK\r\n\r\nas much as there is");
    expect(await client.closed()).toBe("HTTP/1.0 200 OK\r\n\r\nas much as there is");
  });
});

it("TG7 held, stepped and released at any time, each side hears what the other said", async () => {
  let exchanges: HttpExchange[] = [];
  const play = (one: Heard) => {
    let answered = 0;
    one.socket.on("data", () => {
      const requests = exchanges.map(({ request }) => request.length);
      const due = () => requests.slice(0, answered + 1).reduce((sum, size) => sum + size, 0);
      while (answered < exchanges.length && one.bytes.length >= due()) {
        one.socket.write(exchanges[answered]?.response ?? "");
        answered += 1;
      }
    });
  };
  const gate = new WireGate({ clock: wallClock, random: () => 0, onCut: () => undefined });
  const { played, open } = await watchStranger(play, { gate });
  const acts = fc.array(fc.constantFrom("hold", "step", "release", "pause"), { maxLength: 12 });
  const drawn = fc.tuple(fc.array(httpExchange, { minLength: 1, maxLength: 4 }), places, acts);
  await fc.assert(
    fc.asyncProperty(drawn, async ([some, cuts, steps]) => {
      exchanges = some;
      const whole = (side: keyof HttpExchange) => Buffer.concat(some.map((one) => one[side]));
      const client = await open();
      const sending = sendPieces(client.socket, cut(whole("request"), cuts));
      for (const step of steps) {
        if (step === "step") gate.traffic.step({ count: 1 });
        else if (step !== "pause") gate.traffic.obey({ ...NOTHING_ORDERED, held: step === "hold" });
        await new Promise((resolve) => setImmediate(resolve));
      }
      gate.traffic.obey(NOTHING_ORDERED);
      await sending;
      await client.until(({ received }) => received.length >= whole("response").length);
      expect(client.received.equals(whole("response"))).toBe(true);
      expect(played.heard.at(-1)?.bytes.equals(whole("request"))).toBe(true);
      client.leave();
    }),
    { numRuns: 60, seed: 20_261_124 },
  );
});
