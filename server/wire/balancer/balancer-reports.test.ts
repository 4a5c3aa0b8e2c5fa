import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { RawClient } from "./testing/raw-client.ts";
import { type Rig, startBalancer, startReplicas } from "./testing/start-balancer.ts";

let rig: Rig;
let client: RawClient;

afterEach(async () => {
  client.leave();
  await rig.close();
});

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const message = (id: number, more = {}) => ({
  id,
  text: "lunch?",
  time: "2026-01-01T12:00:00.000Z",
  server: "lp-1",
  room: "lobby",
  ...more,
});

/** One request, and the hops that it left. */
async function ask(listener: RequestListener, request: (host: string) => string) {
  rig = await startBalancer(await startReplicas({ "lp-1": listener }));
  client = await RawClient.open(rig.port);
  client.send(request(rig.host));
  const response = await rig.log.seen((hop) => hop.kind === "http.response");
  return { request: rig.hops("http.request")[0], response };
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };

const get =
  (path: string, more = "") =>
  (host: string) =>
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;

describe("what the balancer reports", () => {
  it.each([
    [
      "/messages?after=41&client=lp-client-1",
      "GET after=41",
      { poll: true, after: 41, room: "lobby" },
    ],
    ["/messages?room=tea&client=lp-client-1", "GET", { poll: true, room: "tea" }],
    ["/test?client=lp-client-1", "GET /test", {}],
  ])("LB18 puts %s into words", async (path, label, info) => {
    const { request } = await ask(json(200, {}), get(path));
    expect(request).toMatchObject({
      label,
      from: "client:lp-client-1",
      to: "replica:lp-1",
      pattern: "long-polling",
      info: { method: "GET", path, ...info },
    });
    expect(request?.info?.poll).toBe("poll" in info ? true : undefined);
    expect(request?.bytes).toBe(Buffer.byteLength(get(path)(rig.host)));
    expect(request?.doneAt).toBeGreaterThanOrEqual(request?.at ?? Number.POSITIVE_INFINITY);
  });

  it.each([
    [
      200,
      { messages: [message(42, { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })] },
      "200 [42]",
      "messages",
      ["long-polling/lobby/42"],
      TRACE,
    ],
    [
      200,
      { messages: [message(1), message(2), message(3)] },
      "200 [1–3]",
      "messages",
      ["long-polling/lobby/1", "long-polling/lobby/2", "long-polling/lobby/3"],
      undefined,
    ],
    [200, { messages: [] }, "200 [ ] idle", "idle", undefined, undefined],
    [
      409,
      { error: { code: "cursor-ahead", message: "…" }, last: 3 },
      "409 cursor ahead",
      "error",
      undefined,
      undefined,
    ],
    [200, { other: 1 }, "200", "other", undefined, undefined],
  ])(
    "LB18 puts answer %s %j into words",
    async (status, body, label, outcome, messageIds, traceId) => {
      const { request, response } = await ask(json(status, body), get("/messages?after=0"));
      expect(response).toMatchObject({ label, outcome, from: "replica:lp-1", to: request?.from });
      expect([response.messageIds, response.traceId]).toEqual([messageIds, traceId]);
      expect(response.causes).toEqual([request?.seq]);
      expect(response.info).toMatchObject({ status, method: "GET", poll: true });
    },
  );

  it("LB18 reads the text of a POST and the id of what it created", async () => {
    const body = JSON.stringify({ message: "lunch?" });
    const { request, response } = await ask(
      json(201, message(42)),
      (host) =>
        `POST /messages?room=lobby HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    expect(request).toMatchObject({
      label: "POST “lunch?”",
      info: { text: "lunch?", room: "lobby" },
    });
    expect(response).toMatchObject({
      label: "201 id 42",
      outcome: "created",
      messageIds: ["long-polling/lobby/42"],
    });
  });

  it("LB18 says how long a text was before it was shortened", async () => {
    const text = "é".repeat(1_000);
    const body = JSON.stringify({ message: text });
    const { request } = await ask(
      json(201, message(42)),
      (host) =>
        `POST /messages HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    expect(request?.info?.text?.length).toBeLessThan(100);
    expect(request?.info?.textBytes).toBe(2_000);
  });

  it("LB18 reads answers that come in chunks, or compressed", async () => {
    const body = JSON.stringify({ messages: [message(7)] });
    const { response } = await ask((_request, answer) => {
      answer.writeHead(200, { "Content-Encoding": "gzip" });
      const zipped = gzipSync(body);
      answer.write(zipped.subarray(0, 9));
      answer.end(zipped.subarray(9));
    }, get("/messages"));
    expect(response.label).toBe("200 [7]");
  });

  it("LB18 passes a body that is too large to look at, and says only its status", async () => {
    const body = JSON.stringify({ messages: [message(7, { text: "x".repeat(2 * 1024 * 1024) })] });
    const { response } = await ask((_request, answer) => answer.end(body), get("/messages"));
    expect(response.label).toBe("200");
    expect(response.bytes).toBeGreaterThan(body.length);
    expect(response.raw?.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThan(64 * 1024);
    await client.until((each) => each.received.length === response.bytes);
  });

  it("LB19 names a stranger by where it comes from", async () => {
    const { request } = await ask(json(200, {}), get("/messages?client=not%20valid%21"));
    expect(request?.from).toBe(`client:127.0.0.1:${client.socket.localPort}`);
  });

  it("LB20 blanks credentials and cookies before anybody sees them", async () => {
    let arrived: string | undefined;
    const { request, response } = await ask(
      (received, answer) => {
        arrived = received.headers.authorization;
        answer.setHeader("Set-Cookie", "session=hidden");
        answer.end("{}");
      },
      get("/messages", "Authorization: Bearer hidden\r\nCookie: a=hidden\r\nX-Seen: yes\r\n"),
    );
    const raw = Buffer.concat([...(request?.raw ?? []), ...(response.raw ?? [])]).toString(
      "latin1",
    );
    expect(raw).not.toContain("hidden");
    expect(raw).toContain("X-Seen: yes");
    expect(arrived).toBe("Bearer hidden");
  });
});
