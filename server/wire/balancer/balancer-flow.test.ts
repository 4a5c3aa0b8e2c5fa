import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { RawClient } from "./testing/raw-client.ts";
import { type Rig, startBalancer, startReplicas, upstreamsOf } from "./testing/start-balancer.ts";

let rig: Rig;
const clients: RawClient[] = [];

async function open(): Promise<RawClient> {
  const client = await RawClient.open(rig.port);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  await rig.close();
});

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`;

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
    const { hash, heldBack } = await new Promise<{ hash: number; heldBack: number }>(
      (resolve, reject) => {
        const request = httpRequest({ port: rig.port, path: "/" }, (response) => {
          let bytes = 0;
          // Reads nothing until the replica has been stopped from writing for a while.
          let last = -1;
          const stalled = setInterval(() => {
            if (written !== last) {
              last = written;
              return;
            }
            clearInterval(stalled);
            const heldBack = block.length * blocks - written;
            response.on("data", (chunk: Buffer) => {
              bytes += chunk.length;
            });
            response.on("end", () => resolve({ hash: bytes, heldBack }));
          }, 50);
        });
        request.on("error", reject);
        request.end();
      },
    );
    expect(hash).toBe(block.length * blocks);
    expect(heldBack).toBeGreaterThan(16 * 1024 * 1024);
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
    client.send(body);
    let last = -1;
    await new Promise<void>((resolve) => {
      const stalled = setInterval(() => {
        if (client.socket.bytesWritten - client.socket.writableLength !== last || !start) {
          last = client.socket.bytesWritten - client.socket.writableLength;
          return;
        }
        clearInterval(stalled);
        resolve();
      }, 50);
    });
    expect(client.socket.writableLength).toBeGreaterThan(16 * 1024 * 1024);
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
