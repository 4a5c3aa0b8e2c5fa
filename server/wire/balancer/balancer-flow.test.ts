import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { rawClients } from "./testing/raw-clients.ts";
import { type Rig, startBalancer, startReplicas, upstreamsOf } from "./testing/start-balancer.ts";

let rig: Rig;
const open = rawClients(() => rig);

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`;

const PIECE = 64 * 1024;

/** Waits until a count has stopped: it was the same at eight looks in a row. */
async function standstill(count: () => number): Promise<void> {
  let last = Number.NaN;
  let looks = 0;
  await vi.waitFor(
    () => {
      looks = count() === last ? looks + 1 : 0;
      last = count();
      expect(looks).toBeGreaterThanOrEqual(8);
    },
    { timeout: 15_000, interval: 25 },
  );
}

describe("how requests flow", () => {
  it("LB5 lets a slow reader of a large response hold back the replica, in bounded memory", async () => {
    const block = Buffer.alloc(64 * 1024, "x");
    const blocks = 512;
    let written = 0;
    const servers = await startReplicas({
      "lp-1": async (_request, response) => {
        response.setHeader("Content-Length", block.length * blocks);
        for (let index = 0; index < blocks; index++) {
          written += block.length;
          if (!response.write(block))
            await new Promise((resolve) => response.once("drain", resolve));
        }
        response.end();
      },
    });
    rig = await startBalancer(servers);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ port: rig.port }, resolve).on("error", reject).end();
    });
    await standstill(() => written);
    expect(block.length * blocks - written).toBeGreaterThan(16 * 1024 * 1024);
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(block.length * blocks);
  });

  it("LB5 lets a slow replica hold back a large request", async () => {
    const total = 32 * 1024 * 1024;
    let start: (() => void) | undefined;
    const servers = await startReplicas({
      "lp-1": (request, response) => {
        const hash = createHash("sha256");
        start = () => {
          request.on("data", (chunk) => hash.update(chunk));
          request.on("end", () => response.end(hash.digest("hex")));
        };
      },
    });
    rig = await startBalancer(servers);
    const client = await open();
    const body = Buffer.alloc(total, "abcdefg");
    client.send(`POST / HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: ${total}\r\n\r\n`);
    let sent = 0;
    const sendOn = () => {
      if (sent === total) return;
      client.socket.write(body.subarray(sent, sent + PIECE), () => {
        sent += PIECE;
        sendOn();
      });
    };
    sendOn();
    await expect.poll(() => start).toBeDefined();
    await standstill(() => sent);
    expect(total - sent).toBeGreaterThan(16 * 1024 * 1024);
    start?.();
    await client.take(createHash("sha256").update(body).digest("hex"));
  });

  it("LB6 spreads requests round-robin, or to whoever has fewest", async () => {
    const servers = await startReplicas({
      "lp-1": (request, response) =>
        request.url?.startsWith("/park") ? undefined : response.end("lp-1"),
      "lp-2": (request, response) =>
        request.url?.startsWith("/park") ? undefined : response.end("lp-2"),
    });
    rig = await startBalancer(servers);
    const client = await open();
    client.send(get("/").repeat(4));
    for (const replica of ["lp-1", "lp-2", "lp-1", "lp-2"]) await client.take(`\r\n\r\n${replica}`);
    await rig.configure({ balancing: "least-connections", upstreams: upstreamsOf(servers) });
    const parked = await open();
    parked.send(get("/park?replica=lp-1"));
    await rig.log.seen((hop) => hop.label === "GET /park");
    for (let index = 0; index < 4; index++) {
      client.send(get("/"));
      await client.take("\r\n\r\nlp-2");
    }
  });
});
