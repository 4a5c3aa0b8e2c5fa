import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { rawClients } from "./testing/raw-clients.ts";
import {
  listen,
  portOf,
  type Rig,
  startBalancer,
  startReplicas,
  upstreamsOf,
} from "./testing/start-balancer.ts";

let rig: Rig;
const open = rawClients(() => rig);

const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: ${rig.host}\r\n${more}\r\n`;
const post = (path: string, body = "x") =>
  `POST ${path} HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A server that nobody listens on any more, and its port. */
async function refusing(): Promise<Server> {
  const server = await listen(createServer());
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return Object.assign(server, { address: () => address });
}

/** Answers the first request of each connection as told and runs `then` on the second. */
async function startOnceReplica(then: (socket: Socket) => void) {
  let requests = 0;
  const server = await listen(
    createServer((socket) => {
      let ofThis = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        requests++;
        if (++ofThis === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
        else then(socket);
      });
    }),
  );
  return { server, requests: () => requests };
}

describe("when replicas and clients go", () => {
  it("LB7 tries another replica when one refuses the connection, for a POST too", async () => {
    const servers = await startReplicas({ "lp-2": (_request, response) => response.end("lp-2") });
    const dead = await refusing();
    rig = await startBalancer({}, { upstreams: upstreamsOf({ "lp-1": dead, ...servers }) });
    const client = await open();
    for (let index = 0; index < 4; index++) {
      client.send(post("/messages"));
      await client.take("\r\n\r\nlp-2");
    }
    const tos = rig.hops("http.request").map((hop) => hop.to);
    expect(tos).toEqual(Array(4).fill("replica:lp-2"));
    for (const server of Object.values(servers)) server.close();
  });

  it("LB7 answers 503 and says that nothing was sent when all refuse", async () => {
    rig = await startBalancer({}, { upstreams: upstreamsOf({ "lp-1": await refusing() }) });
    const client = await open();
    client.send(post("/messages"));
    const answer = await client.take('any."}}');
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain("No replica accepts a connection. The request was not sent to any.");
    expect(rig.balancer.held()).toEqual({ "lp-1": 0 });
  });

  it("LB8 asks again on a fresh connection when a kept one was closed under a GET", async () => {
    const replica = await startOnceReplica((socket) => socket.destroy());
    rig = await startBalancer({ "lp-1": replica.server });
    const client = await open();
    client.send(get("/1"));
    await client.take("first");
    client.send(get("/2"));
    await client.take("first");
    expect(replica.requests()).toBe(3);
    expect(rig.hops("http.request")).toHaveLength(2);
  });

  it("LB8 never sends a POST twice, and says that it may have happened", async () => {
    const replica = await startOnceReplica((socket) => socket.destroy());
    rig = await startBalancer({ "lp-1": replica.server });
    const client = await open();
    client.send(post("/1"));
    await client.take("first");
    client.send(post("/2"));
    const answer = await client.take("}}");
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toContain("It may have happened or not");
    expect(replica.requests()).toBe(2);
    expect(rig.hops("http.response").at(-1)).toMatchObject({
      from: "balancer:long-polling",
      outcome: "error",
      causes: [rig.hops("http.request").at(-1)?.seq],
    });
  });

  it("LB8 tells a GET on a fresh connection that nothing was changed", async () => {
    const server = await listen(
      createServer((socket) => socket.once("data", () => socket.destroy())),
    );
    rig = await startBalancer({ "lp-1": server });
    const client = await open();
    client.send(get("/"));
    expect(await client.take("}}")).toContain("Nothing was changed: ask again.");
  });

  it("LB8 cuts the client's connection when a response breaks off", async () => {
    const server = await listen(
      createServer((socket) =>
        socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")),
      ),
    );
    rig = await startBalancer({ "lp-1": server });
    const client = await open();
    client.send(get("/"));
    expect(await client.closed()).toMatch(/half$/);
    const end = await rig.log.seen((hop) => hop.kind === "socket.close");
    expect(end).toMatchObject({ from: "replica:lp-1", info: { closedBy: "server" } });
  });

  it("LB8 answers 502 to a replica that does not speak HTTP", async () => {
    const server = await listen(
      createServer((socket) => socket.once("data", () => socket.write("+OK\r\n\r\n"))),
    );
    rig = await startBalancer({ "lp-1": server });
    const client = await open();
    client.send(get("/"));
    expect(await client.take("}}")).toMatch(/^HTTP\/1\.1 502 /);
  });

  it("LB9 frees the replica at once when a client leaves, and says so", async () => {
    const closed: Promise<unknown>[] = [];
    let parked = 0;
    const servers = await startReplicas({
      "lp-1": (request: IncomingMessage, response: ServerResponse) => {
        parked++;
        closed.push(new Promise((resolve) => response.on("close", resolve)));
        request.resume();
      },
    });
    rig = await startBalancer(servers);
    const polls = await Promise.all(Array.from({ length: 20 }, () => open()));
    for (const [index, client] of polls.entries())
      client.send(get(`/messages?client=lp-client-${index}`));
    await expect.poll(() => parked).toBe(20);
    expect(rig.balancer.held()).toEqual({ "lp-1": 20 });
    for (const client of polls) client.leave();
    await Promise.all(closed);
    await expect.poll(() => rig.hops("socket.close")).toHaveLength(20);
    expect(rig.balancer.held()).toEqual({ "lp-1": 0 });
    const [request] = rig.hops("http.request");
    expect(rig.hops("socket.close").find((hop) => hop.from === request?.from)).toMatchObject({
      label: "client left",
      to: "replica:lp-1",
      causes: [request?.seq],
      info: { closedBy: "client" },
    });
  });

  it("LB10 says in a 503 why no replica is ready", async () => {
    const servers = await startReplicas({ "lp-1": (_request, response) => response.end() });
    rig = await startBalancer(servers);
    await rig.configure({
      upstreams: upstreamsOf(servers).map((each) => ({ ...each, state: "draining" })),
    });
    const client = await open();
    client.send(get("/"));
    expect(await client.take("}}")).toContain(
      "No replica is ready: lp-1 is leaving and takes nothing new.",
    );
    await rig.configure({ upstreams: [] });
    client.send(get("/"));
    expect(await client.take("}}")).toContain("There is no replica.");
    expect(rig.hops("http.request").map((hop) => hop.to)).toEqual(
      Array(2).fill("balancer:long-polling"),
    );
  });

  it("LB10 lets a draining replica finish what it has", async () => {
    let finish: (() => void) | undefined;
    const servers = await startReplicas({
      "lp-1": (_request, response) => {
        finish = () => response.end("finished");
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(get("/messages"));
    await expect.poll(() => finish).toBeDefined();
    await rig.configure({
      upstreams: upstreamsOf(servers).map((each) => ({ ...each, state: "draining" })),
    });
    finish?.();
    await client.take("finished");
  });

  it("LB10 cuts what hangs on a replica that is out, with a reason", async () => {
    const servers = await startReplicas({ "lp-1": () => undefined });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(get("/messages"));
    await rig.log.seen((hop) => hop.kind === "http.request");
    await rig.configure({
      upstreams: upstreamsOf(servers).map((each) => ({ ...each, state: "out" })),
    });
    expect(await client.take("}}")).toMatch(/502[\s\S]*replica lp-1 was taken out/);
    expect(rig.balancer.held()).toEqual({ "lp-1": 0 });
  });

  it("LB10 finds a replica again that came back on another port", async () => {
    const before = await startReplicas({ "lp-1": (_request, response) => response.end("before") });
    const after = await startReplicas({ "lp-1": (_request, response) => response.end("after") });
    rig = await startBalancer(before);
    const client = await open();
    client.send(get("/"));
    await client.take("\r\n\r\nbefore");
    await rig.configure({ upstreams: upstreamsOf(after) });
    client.send(get("/"));
    await client.take("\r\n\r\nafter");
    after["lp-1"]?.close();
  });

  it("LB14 survives clients that leave in the middle of everything", async () => {
    const servers: Record<string, Server> = {
      "lp-1": await listen(createHttpServer((request, response) => request.pipe(response))),
    };
    rig = await startBalancer(servers);
    const whole = post("/", "y".repeat(5_000));
    for (let cutAt = 1; cutAt < whole.length; cutAt += 331) {
      const client = await open();
      client.send(whole.slice(0, cutAt));
      client.leave();
    }
    const client = await open();
    client.send(whole);
    await client.take("y".repeat(100));
    expect(portOf(servers["lp-1"] as Server)).toBeGreaterThan(0);
  });
});
