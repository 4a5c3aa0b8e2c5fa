import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { rawClients } from "./testing/raw-clients.ts";
import { type Rig, startBalancer, startReplicas, upstreamsOf } from "./testing/start-balancer.ts";

let rig: Rig;
const open = rawClients(() => rig);

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`;

describe("who may ask for what, and for how long", () => {
  it("LB11 sends a request to the replica that its URL names", async () => {
    const servers = await startReplicas({
      "lp-1": (_request, response) => response.end("lp-1"),
      "lp-2": (_request, response) => response.end("lp-2"),
    });
    rig = await startBalancer(servers);
    const client = await open();
    for (let index = 0; index < 3; index++) {
      client.send(get("/?replica=lp-2"));
      await client.take("\r\n\r\nlp-2");
    }
    client.send(get("/?replica=lp-9"));
    expect(await client.take("}}")).toMatch(/404[\s\S]*There is no replica of that name/);
    await rig.configure({
      upstreams: upstreamsOf(servers).map((each) => ({ ...each, state: "draining" })),
    });
    client.send(get("/?replica=lp-2"));
    expect(await client.take("}}")).toMatch(/503[\s\S]*Replica lp-2 is leaving/);
  });

  it.each([
    [
      "a host that is not known",
      (host: string) => `Host: evil.test:${host.split(":")[1]}\r\n`,
      403,
    ],
    [
      "another site's origin",
      (host: string) => `Host: ${host}\r\nOrigin: https://evil.test\r\n`,
      403,
    ],
    ["an opaque origin", (host: string) => `Host: ${host}\r\nOrigin: null\r\n`, 403],
    [
      "an origin that only starts like localhost",
      (host: string) => `Host: ${host}\r\nOrigin: http://localhost.evil.test\r\n`,
      403,
    ],
    [
      "an upgrade from another site",
      (host: string) =>
        `Host: ${host}\r\nOrigin: https://evil.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`,
      403,
    ],
    [
      "a localhost origin",
      (host: string) => `Host: ${host}\r\nOrigin: http://localhost:3000\r\n`,
      200,
    ],
    [
      "an IPv6 localhost origin",
      (host: string) => `Host: ${host}\r\nOrigin: http://[::1]:3000\r\n`,
      200,
    ],
    [
      "an origin of ours",
      (host: string) => `Host: ${host}\r\nOrigin: http://playground.test:4000\r\n`,
      200,
    ],
    ["no origin", (host: string) => `Host: ${host.toUpperCase()}\r\n`, 200],
  ])("LB12 judges %s", async (_what, headers, status) => {
    let asked = 0;
    const servers = await startReplicas({
      "lp-1": (_request, response) => {
        asked++;
        response.end();
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(`GET / HTTP/1.1\r\n${headers(rig.host)}\r\n`);
    expect(await client.take("\r\n\r\n")).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(asked).toBe(status === 200 ? 1 : 0);
  });

  it("LB12 judges the host of an absolute target too", async () => {
    const servers = await startReplicas({ "lp-1": (_request, response) => response.end() });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(`GET http://evil.test/ HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
    expect(await client.take("}}")).toMatch(/^HTTP\/1\.1 403/);
  });

  it("LB13 closes an idle connection to a replica after 60 s, before the replica would", async () => {
    const wake: (() => void)[] = [];
    let nowMs = 0;
    const clock = {
      now: () => nowMs,
      after: (_ms: number, then: () => void) => {
        wake.push(then);
        return { cancel: () => undefined };
      },
    };
    const servers = await startReplicas({ "lp-1": (_request, response) => response.end("ok") });
    rig = await startBalancer(
      servers,
      {},
      { clock, recorder: { now: () => nowMs, record: () => 1 } },
    );
    const connected = new Promise<Socket>((resolve) => servers["lp-1"]?.on("connection", resolve));
    const client = await open();
    client.send(get("/test"));
    await client.take("ok");
    const kept = await connected;
    const closed = new Promise((resolve) => kept.once("close", resolve));
    nowMs = 59_000;
    wake.pop()?.();
    client.send(get("/test"));
    await client.take("ok");
    expect(kept.destroyed).toBe(false);
    nowMs = 59_000 + 61_000;
    wake.pop()?.();
    await closed;
  });

  it("LB13 ends clients that ask nothing, or never end their head", async () => {
    const wake: (() => void)[] = [];
    let nowMs = 0;
    const servers = await startReplicas({ "lp-1": () => undefined });
    const clock = {
      now: () => nowMs,
      after: (_ms: number, then: () => void) => {
        wake.push(then);
        return { cancel: () => undefined };
      },
    };
    const recorder = { now: () => nowMs, record: () => 1 };
    rig = await startBalancer(servers, {}, { clock, recorder });
    const [idle, slow, parked] = [await open(), await open(), await open()];
    parked.send(get("/messages"));
    slow.send("GET / HTTP/1.1\r\nHost:");
    await new Promise<void>((resolve) => servers["lp-1"]?.on("request", () => resolve()));
    nowMs = 16_000;
    wake.pop()?.();
    expect(await slow.closed()).toMatch(/^HTTP\/1\.1 408/);
    expect(idle.isClosed || parked.isClosed).toBe(false);
    nowMs = 121_000;
    wake.pop()?.();
    await idle.closed();
    expect(parked.hasEnded).toBe(false);
  });
});
