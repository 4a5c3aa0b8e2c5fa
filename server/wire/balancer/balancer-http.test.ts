import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { rawClients } from "./testing/raw-clients.ts";
import { listen, type Rig, startBalancer, startReplicas } from "./testing/start-balancer.ts";

let rig: Rig;
const open = rawClients(() => rig);

const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: ${rig.host}\r\n${more}\r\n`;
const post = (path: string, body: string, more = "") =>
  `POST ${path} HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

/** A replica on bare TCP: shows what arrives, and answers as it is told. */
async function startRawReplica(answer: (received: string, write: (text: string) => void) => void) {
  const received: string[] = [];
  const server = await listen(
    createServer((socket) => {
      let text = "";
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => {
        text += chunk.toString("latin1");
        received[0] = text;
        answer(text, (bytes) => socket.write(bytes, "latin1"));
      });
    }),
  );
  return { server, received };
}

describe("HTTP through the balancer", () => {
  it("LB3 forwards a request byte for byte, but for one traceparent header", async () => {
    const replica = await startRawReplica((_text, write) =>
      write("HTTP/1.1 200 OK\r\nX-oDD:  kept \r\nContent-Length: 2\r\n\r\nok"),
    );
    rig = await startBalancer({ "lp-1": replica.server });
    const client = await open();
    client.send(post("/x?q=%20", "body", "x-OdD:   spaced  \r\nAccept: b\r\nAccept: a\r\n"));
    const answer = await client.take("\r\n\r\nok");
    expect(answer).toBe("HTTP/1.1 200 OK\r\nX-oDD:  kept \r\nContent-Length: 2\r\n\r\nok");
    const [received = ""] = replica.received;
    const header = /\r\ntraceparent: 00-([0-9a-f]{32})-[0-9a-f]{16}-01(?=\r\n\r\n)/;
    const traceId = header.exec(received)?.[1];
    expect(received.replace(header, "")).toBe(
      post("/x?q=%20", "body", "x-OdD:   spaced  \r\nAccept: b\r\nAccept: a\r\n"),
    );
    expect(rig.hops("http.request")[0]?.traceId).toBe(traceId);
  });

  it("LB3 leaves a traceparent alone that is there already", async () => {
    const replica = await startRawReplica((_text, write) =>
      write("HTTP/1.1 204 No Content\r\n\r\n"),
    );
    rig = await startBalancer({ "lp-1": replica.server });
    const client = await open();
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const request = get("/", `TraceParent: 00-${traceId}-00f067aa0ba902b7-01\r\n`);
    client.send(request);
    await client.take("\r\n\r\n");
    expect(replica.received[0]).toBe(request);
    expect(rig.hops("http.request")[0]?.traceId).toBe(traceId);
  });

  it("LB3 adds nothing in front of a stranger's server, whatever the host is called", async () => {
    const replica = await startRawReplica((_text, write) =>
      write("HTTP/1.1 204 No Content\r\n\r\n"),
    );
    rig = await startBalancer({ "lp-1": replica.server }, { stranger: true });
    const client = await open();
    const request = "GET / HTTP/1.1\r\nHost: elsewhere.test\r\nOrigin: http://other.test\r\n\r\n";
    client.send(request);
    await client.take("\r\n\r\n");
    expect(replica.received[0]).toBe(request);
  });

  it("LB4 keeps both connections alive and answers pipelined requests in order", async () => {
    let connections = 0;
    const servers = await startReplicas({
      "lp-1": (request, response) => response.end(`answer to ${request.url}`),
    });
    servers["lp-1"]?.on("connection", () => connections++);
    rig = await startBalancer(servers);
    const client = await open();
    const count = 200;
    client.send(Array.from({ length: count }, (_, index) => get(`/${index}`)).join(""));
    for (let index = 0; index < count; index++) await client.take(`answer to /${index}`);
    expect(connections).toBe(1);
    expect(rig.hops("http.response")).toHaveLength(count);
  });

  it("LB4 passes chunks and trailers of both directions unharmed", async () => {
    let seen: { body: string; trailers: unknown } | undefined;
    const servers = await startReplicas({
      "lp-1": async (request, response) => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        seen = { body: Buffer.concat(parts).toString(), trailers: request.trailers };
        response.writeHead(200, { Trailer: "X-Sum" });
        response.write("one");
        response.addTrailers({ "X-Sum": "2" });
        response.end("two");
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(
      `PUT / HTTP/1.1\r\nHost: ${rig.host}\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n`,
    );
    client.send("3\r\nabc\r\n");
    client.send("0\r\nX-A: b\r\n\r\n");
    const answer = await client.take("X-Sum: 2\r\n\r\n");
    expect(answer).toContain("3\r\none\r\n3\r\ntwo\r\n0\r\n");
    expect(seen).toEqual({ body: "abc", trailers: { "x-a": "b" } });
    client.send(get("/again"));
    await client.take("HTTP/1.1 200 OK");
  });

  it("LB4 knows that HEAD, 204 and 304 have no body", async () => {
    const servers = await startReplicas({
      "lp-1": (request, response) => {
        response.statusCode = Number(request.url?.slice(1));
        response.setHeader("Content-Length", 5);
        response.end(
          request.method === "HEAD" || response.statusCode !== 200 ? undefined : "hello",
        );
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(`HEAD /200 HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
    client.send(get("/304") + get("/200"));
    const all = await client.take("hello");
    expect(all.match(/HTTP\/1\.1 (\d+)/g)).toEqual([
      "HTTP/1.1 200",
      "HTTP/1.1 304",
      "HTTP/1.1 200",
    ]);
  });

  it("LB4 passes 100 Continue on, and the body after it", async () => {
    const servers = await startReplicas({
      "lp-1": async (request, response) => {
        let body = "";
        for await (const part of request) body += part;
        response.end(`got ${body}`);
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(
      `POST / HTTP/1.1\r\nHost: ${rig.host}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    );
    expect(await client.take("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    await client.take("got body");
    client.send(get("/next"));
    await client.take("got ");
  });

  it("LB4 closes behind an answer that came instead of 100 Continue", async () => {
    const servers = await startReplicas({ "lp-1": () => undefined });
    servers["lp-1"]?.on("checkContinue", (_request, response) => response.writeHead(413).end("no"));
    rig = await startBalancer(servers);
    const client = await open();
    client.send(
      `POST / HTTP/1.1\r\nHost: ${rig.host}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    );
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 413/);
  });

  it("LB4 passes an early answer on and goes on with the request", async () => {
    const servers = await startReplicas({
      "lp-1": (request, response) => {
        response.end("early");
        request.resume();
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(`POST / HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: 8\r\n\r\nhalf`);
    await client.take("early");
    client.send(`half${get("/next")}`);
    await client.take("early");
    expect(rig.hops("http.request")).toHaveLength(2);
  });

  it("LB4 takes the close of the replica as the end of a response without length", async () => {
    const server = await listen(
      createServer((socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\nuntil ");
          socket.end("the close");
        });
      }),
    );
    rig = await startBalancer({ "lp-1": server });
    const client = await open();
    client.send(get("/"));
    expect(await client.closed()).toBe("HTTP/1.1 200 OK\r\n\r\nuntil the close");
    expect(rig.hops("http.response")[0]).toMatchObject({ label: "200" });
  });

  it("LB4 ends the connection when either side says that it closes", async () => {
    const servers = await startReplicas({ "lp-1": (_request, response) => response.end("bye") });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(get("/", "Connection: close\r\n"));
    expect(await client.closed()).toContain("bye");
    const old = await open();
    old.send(`GET / HTTP/1.0\r\nHost: ${rig.host}\r\n\r\n`);
    expect(await old.closed()).toContain("bye");
  });

  it("LB2 answers 400 to ambiguous framing, closes, and forwards nothing", async () => {
    const replica = await startRawReplica(() => undefined);
    rig = await startBalancer({ "lp-1": replica.server });
    const client = await open();
    client.send(
      `POST / HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${get("/smuggled")}`,
    );
    const answer = await client.closed();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("a length and chunks together");
    expect(replica.received).toEqual([]);
    expect(rig.hops("http.request")).toEqual([]);
    expect(rig.hops("http.response")[0]).toMatchObject({
      from: "balancer:long-polling",
      outcome: "error",
    });
  });

  it("LB2 stops a request whose chunks turn bad, and its replica's connection", async () => {
    const servers = await startReplicas({ "lp-1": (request) => request.resume() });
    const started = new Promise<IncomingMessage>((resolve) => {
      servers["lp-1"]?.on("request", resolve);
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(
      `POST / HTTP/1.1\r\nHost: ${rig.host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    );
    const request = await started;
    const aborted = new Promise((resolve) => request.on("close", resolve));
    client.send("zz\r\n");
    expect(await client.closed()).toContain("400 Bad Request");
    await aborted;
  });
});
