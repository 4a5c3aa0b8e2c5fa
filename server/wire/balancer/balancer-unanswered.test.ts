import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { BalancerConfig, Upstream } from "../contract.ts";
import type { BalancerOptions } from "./balancer.ts";
import { RawClient } from "./testing/raw-client.ts";
import { listen, type Rig, startBalancer, upstreamsOf } from "./testing/start-balancer.ts";
import { startToldTime, type ToldTime } from "./testing/told-time.ts";

let rig: Rig;
const clients: RawClient[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  for (const socket of sockets) socket.destroy();
  await rig.close();
});

/** Which replicas got a request, in order. */
let asked: string[] = [];

async function replicas(
  kinds: Record<string, (socket: Socket) => void>,
): Promise<Record<string, Server>> {
  asked = [];
  const servers: Record<string, Server> = {};
  for (const [id, answer] of Object.entries(kinds)) {
    servers[id] = await listen(
      createServer((socket) => {
        sockets.add(socket.on("error", () => undefined));
        socket.on("data", () => {
          asked.push(id);
          answer(socket);
        });
      }),
    );
  }
  return servers;
}

const dies = (socket: Socket) => socket.resetAndDestroy();
/** As a stopped process: the system accepts for it. */
const saysNothing = () => undefined;
const switches = (socket: Socket) =>
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nwelcome",
  );
const answers = (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

async function refusing(): Promise<Server> {
  const server = await listen(createServer());
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return Object.assign(server, { address: () => address });
}

async function send(text: string): Promise<RawClient> {
  const client = await RawClient.open(rig.port);
  clients.push(client);
  client.send(text);
  return client;
}

const upgrade = (path = "/socket.io/?EIO=4&transport=websocket") =>
  send(`GET ${path} HTTP/1.1\r\nHost: ${rig.host}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`);
const post = () =>
  send(`POST /messages HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: 1\r\n\r\nx`);

const poll = () => send(`GET /messages?after=0 HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);

async function startWithTime(
  servers: Record<string, Server>,
  options: Partial<BalancerOptions> = {},
  changes: Partial<BalancerConfig> = {},
): Promise<ToldTime> {
  const time = await startToldTime(servers, options, changes);
  rig = time.rig;
  return time;
}

const heard = (count: number) => expect.poll(() => asked.length).toBe(count);

describe("what got no answer", () => {
  it("LB8 an upgrade whose replica died goes to another one", async () => {
    const servers = await replicas({ "ws-1": dies, "ws-2": switches });
    rig = await startBalancer(servers);
    for (let turn = 0; turn < 2; turn++) await (await upgrade()).take("welcome");
    expect(asked).toContain("ws-1");
    expect(rig.hops("socket.open").map((hop) => hop.to)).toEqual(Array(2).fill("replica:ws-2"));
    expect(rig.balancer.held()).toEqual({ "ws-1": 0, "ws-2": 2 });
  });

  it("LB8 an upgrade is answered 502 when there is no other replica", async () => {
    rig = await startBalancer(await replicas({ "ws-1": dies }));
    const answer = await (await upgrade()).take("}}");
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toMatch(/Replica ws-1 did not answer \(.*\)\. Nothing was changed: ask again\./);
    expect(rig.balancer.held()).toEqual({ "ws-1": 0 });
  });

  it("LB8 says 502 also where the last replica refuses: another one had been sent it", async () => {
    const dying = await replicas({ "ws-1": dies });
    const upstreams = upstreamsOf({ ...dying, "ws-2": await refusing() });
    rig = await startBalancer(dying, { upstreams });
    expect(await (await upgrade()).take("}}")).toMatch(
      /^HTTP\/1\.1 502 [\s\S]*ws-2 did not answer/,
    );
  });

  it("LB8 three replicas are tried, not more", async () => {
    rig = await startBalancer(
      await replicas({ "ws-1": dies, "ws-2": dies, "ws-3": dies, "ws-4": dies }),
    );
    expect(await (await upgrade()).take("}}")).toMatch(/^HTTP\/1\.1 502 /);
    expect(new Set(asked).size).toBe(3);
    expect(asked).toHaveLength(3);
  });

  it("LB16 an upgrade of a session goes nowhere else: nobody else knows it", async () => {
    rig = await startBalancer(await replicas({ "ws-1": dies, "ws-2": dies }));
    const client = await upgrade("/socket.io/?EIO=4&transport=websocket&sid=abc");
    expect(await client.take("}}")).toMatch(/^HTTP\/1\.1 502 /);
    expect(asked).toHaveLength(1);
  });

  it("LB13 an upgrade that a replica accepts and leaves unanswered goes to another one", async () => {
    const time = await startWithTime(await replicas({ "ws-1": saysNothing, "ws-2": switches }));
    const client = await upgrade();
    await heard(1);
    time.pass(5_000);
    await client.take("welcome");
    expect(asked).toEqual(["ws-1", "ws-2"]);
  });

  it("LB13 an upgrade that nobody answers is answered 502", async () => {
    const time = await startWithTime(await replicas({ "ws-1": saysNothing }));
    const client = await upgrade();
    await heard(1);
    time.pass(5_000);
    expect(await client.take("}}")).toMatch(/^HTTP\/1\.1 502 [\s\S]*it said nothing for 5 s/);
  });

  it("LB25 a POST without a byte of an answer for 12 s is answered 504: it may have happened", async () => {
    const time = await startWithTime(await replicas({ "lp-1": saysNothing, "lp-2": answers }));
    const client = await post();
    await heard(1);
    time.pass(12_000);
    expect(await client.take("}}")).toMatch(
      /^HTTP\/1\.1 504 Gateway Timeout[\s\S]*"replica-silent"[\s\S]*lp-1 has said nothing for 12 s\. It may have happened or not/,
    );
    expect(asked).toEqual(["lp-1"]);
    expect(rig.hops("http.response").map(({ outcome, label }) => [outcome, label])).toEqual([
      ["error", "504 replica silent"],
    ]);
  });

  it("LB25 counts from the last byte that was sent, also where a replica reads no more", async () => {
    const readsNothing = (socket: Socket) => socket.pause();
    const time = await startWithTime(await replicas({ "lp-1": readsNothing }));
    const head = `POST /messages HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: 50000000\r\n\r\n`;
    const client = await send(head);
    client.send(Buffer.alloc(20_000_000));
    await expect
      .poll(() => {
        time.pass(12_000);
        return client.text;
      })
      .toMatch(/^HTTP\/1\.1 504 [\s\S]*Connection: close/);
  });

  it.each([
    ["a POST in less than that", post, 11_999, {}],
    ["a poll in a minute", poll, 60_000, {}],
    ["a POST while protocol time stands still", post, 60_000, { protocolNow: () => 1 }],
  ])("LB25 lets a replica answer %s", async (_what, ask, ms, options) => {
    const time = await startWithTime(await replicas({ "lp-1": saysNothing }), options);
    const client = await ask();
    await heard(1);
    time.pass(ms);
    for (const socket of sockets) answers(socket);
    expect(await client.take("ok")).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("LB25 lets a stranger's server take its time", async () => {
    const servers = await replicas({ "lp-1": saysNothing });
    const time = await startWithTime(servers, {}, { stranger: true });
    const client = await post();
    await heard(1);
    time.pass(60_000);
    for (const socket of sockets) answers(socket);
    expect(await client.take("ok")).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("LB10 an unanswered upgrade leaves a replica that is taken out", async () => {
    const servers = await replicas({ "ws-1": saysNothing, "ws-2": switches });
    rig = await startBalancer(servers);
    const client = await upgrade();
    await heard(1);
    await rig.configure({ upstreams: withState(servers, "ws-1", "out") });
    await client.take("welcome");
  });

  it("LB10 a request that is still connecting leaves a replica that is taken out", async () => {
    const servers = await replicas({ "lp-1": answers, "lp-2": answers });
    await startWithChange(servers, { upstreams: withState(servers, "lp-1", "out") });
    await (await post()).take("ok");
    expect(asked).toEqual(["lp-2"]);
  });

  it("LB10 a request that is still connecting follows a replica to its new port", async () => {
    const servers = await replicas({ "lp-1": answers });
    const before = { "lp-1": await refusing() };
    await startWithChange(servers, { upstreams: upstreamsOf(servers) }, upstreamsOf(before));
    await (await post()).take("ok");
  });
});

function withState(
  servers: Record<string, Server>,
  replica: string,
  state: Upstream["state"],
): Upstream[] {
  return upstreamsOf(servers).map((each) => (each.replica === replica ? { ...each, state } : each));
}

/** Is configured anew right after the first request began to connect. */
async function startWithChange(
  servers: Record<string, Server>,
  change: { upstreams: Upstream[] },
  upstreams = upstreamsOf(servers),
): Promise<void> {
  let isFirst = true;
  const traceparents = () => {
    if (isFirst) queueMicrotask(() => void rig.configure(change));
    isFirst = false;
    return `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  };
  rig = await startBalancer(servers, { upstreams }, { traceparents });
}
