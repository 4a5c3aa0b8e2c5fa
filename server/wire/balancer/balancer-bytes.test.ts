/** Bytes out equal bytes in: whatever crosses the balancer, however it is cut, and however it is broken. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { broken, cut, damage, places, sendPieces } from "../testing/broken-bytes.ts";
import { closeDelimited, type HttpExchange, httpExchange } from "../testing/http-bytes.ts";
import { framesFrom } from "../testing/websocket-bytes.ts";
import { openHonest, tellingReplica } from "./testing/honest-client.ts";
import { RawClient } from "./testing/raw-client.ts";
import { listen, type Rig, startBalancer, startReplicas } from "./testing/start-balancer.ts";

let rig: Rig;
let honest: Awaited<ReturnType<typeof openHonest>> | undefined;
const sockets = new Set<Socket>();
const SEED = 20_261_124;

afterEach(async () => {
  honest?.leave();
  for (const socket of sockets) socket.destroy();
  await rig.close();
});

/** A server whose connections a test plays, one after another. */
async function startPlayed(play: (socket: Socket) => void): Promise<Server> {
  return listen(
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket.on("error", () => undefined));
      play(socket);
    }),
  );
}

const concat = (exchanges: readonly HttpExchange[], side: "request" | "response") =>
  Buffer.concat(exchanges.map((exchange) => exchange[side]));

/** As a stranger's server: the balancer adds nothing. */
const strangers = { stranger: true };

describe("bytes through the balancer", () => {
  it("LB1 LB3 HTTP: both directions are the same byte for byte, pipelined, however they are cut", async () => {
    let exchanges: HttpExchange[] = [];
    let cuts: number[] = [];
    let heard: Buffer = Buffer.alloc(0);
    const server = await startPlayed((socket) => {
      let answered = 0;
      socket.on("data", async (chunk: Buffer) => {
        heard = Buffer.concat([heard, chunk]);
        let due = concat(exchanges.slice(0, answered + 1), "request").length;
        while (answered < exchanges.length && heard.length >= due) {
          const { response } = exchanges[answered] ?? { response: Buffer.alloc(0) };
          answered += 1;
          due = concat(exchanges.slice(0, answered + 1), "request").length;
          await sendPieces(socket, cut(response, cuts));
          if (answered === exchanges.length) socket.end();
        }
      });
    });
    rig = await startBalancer({ "lp-1": server }, strangers);
    const drawn = fc.tuple(fc.array(httpExchange, { maxLength: 4 }), closeDelimited, places);
    await fc.assert(
      fc.asyncProperty(drawn, async ([most, last, at]) => {
        exchanges = [...most, last];
        cuts = at;
        heard = Buffer.alloc(0);
        const client = await RawClient.open(rig.port);
        await sendPieces(client.socket, cut(concat(exchanges, "request"), cuts));
        await client.closed();
        expect(client.text).toBe(concat(exchanges, "response").toString("latin1"));
        expect(heard.toString("latin1")).toBe(concat(exchanges, "request").toString("latin1"));
        client.leave();
      }),
      { numRuns: 100, seed: SEED },
    );
  });

  it("LB2 broken requests: what reaches a replica is the beginning of what was sent, and others are served", async () => {
    const replica = tellingReplica();
    let heard: Buffer = Buffer.alloc(0);
    const mute = await startPlayed((socket) => {
      socket.on("data", (chunk: Buffer) => {
        heard = Buffer.concat([heard, chunk]);
      });
      socket.on("end", () => socket.end());
    });
    const honestServers = await startReplicas({ "lp-1": replica.listener });
    rig = await startBalancer({ ...honestServers, "lp-2": mute }, strangers);
    honest = await openHonest(rig);
    const toHonest = rig.config.upstreams.slice(0, 1);
    const toMute = rig.config.upstreams.slice(1);
    const drawn = fc.tuple(httpExchange, httpExchange, damage, places);
    await fc.assert(
      fc.asyncProperty(drawn, async ([first, second, harm, at]) => {
        heard = Buffer.alloc(0);
        await rig.configure({ upstreams: toMute });
        const client = await RawClient.open(rig.port);
        const sent = broken(concat([first, second], "request"), harm);
        await sendPieces(client.socket, cut(sent, at));
        client.socket.end();
        await client.closed();
        expect(sent.subarray(0, heard.length).equals(heard)).toBe(true);
        client.leave();
        await rig.configure({ upstreams: toHonest });
        await honest?.isServed();
      }),
      { numRuns: 100, seed: SEED },
    );
  });

  it("LB23 broken answers: what reaches a client is their beginning, or 502, and others are served", async () => {
    const replica = tellingReplica();
    let answer: Buffer = Buffer.alloc(0);
    let cuts: number[] = [];
    const liar = await startPlayed((socket) =>
      socket.once("data", async () => {
        await sendPieces(socket, cut(answer, cuts));
        socket.end();
      }),
    );
    const honestServers = await startReplicas({ "lp-1": replica.listener });
    rig = await startBalancer({ ...honestServers, "lp-2": liar });
    honest = await openHonest(rig);
    const drawn = fc.tuple(httpExchange, damage, places);
    await fc.assert(
      fc.asyncProperty(drawn, async ([{ response }, harm, at]) => {
        answer = broken(response, harm);
        cuts = at;
        const client = await RawClient.open(rig.port);
        client.send(
          `GET /messages?replica=lp-2 HTTP/1.1\r\nHost: ${rig.host}\r\nConnection: close\r\n\r\n`,
        );
        const got = await client.closed();
        const own = got.indexOf("HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json");
        const passed = own < 0 ? got : got.slice(0, own);
        expect(answer.toString("latin1").startsWith(passed)).toBe(true);
        client.leave();
        await honest?.isServed();
      }),
      { numRuns: 120, seed: SEED },
    );
  });

  it("LB17 WebSockets: both directions are the same byte for byte, and told the same, however they are cut", async () => {
    let answer: Buffer = Buffer.alloc(0);
    let cuts: number[] = [];
    let heard: Buffer[] = [];
    const server = await startPlayed((socket) => {
      socket.once("data", () => {
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        );
        socket.on("data", (chunk: Buffer) => heard.push(chunk));
        socket.on("end", async () => {
          await sendPieces(socket, cut(answer, cuts));
          socket.end();
        });
      });
    });
    rig = await startBalancer({ "ws-1": server }, { pattern: "web-sockets", ...strangers });
    /** What the client got, and what was told of it. */
    const run = async (said: Buffer, at: number[]) => {
      cuts = at;
      heard = [];
      const before = rig.log.hops.length;
      const client = await RawClient.open(rig.port, { allowHalfOpen: true });
      client.send(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
      );
      await client.take("\r\n\r\n");
      await sendPieces(client.socket, cut(said, cuts));
      client.socket.end();
      const closing = rig.log.seen((hop) => hop.seq > before && hop.kind === "socket.close");
      await client.closed();
      await closing;
      const told = rig.log.hops.slice(before).map(({ kind, from, label, bytes }) => {
        return `${kind} ${from.split(":")[0]} ${label} ${bytes}`;
      });
      return { got: client.received, heard: Buffer.concat(heard), told: told.sort() };
    };
    const drawn = fc.tuple(
      framesFrom("client"),
      framesFrom("server"),
      places,
      damage,
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async ([said, answered, at, harm, isHarmed]) => {
        const sent = isHarmed ? broken(said, harm) : said;
        answer = answered;
        const pieces = await run(sent, at);
        expect(pieces.heard.equals(sent)).toBe(true);
        expect(pieces.got.equals(answer)).toBe(true);
        if (!isHarmed) expect((await run(sent, [])).told).toEqual(pieces.told);
      }),
      { numRuns: 100, seed: SEED },
    );
  });

  it("LB17 a frame too large is the replica's business: it closes with 1009, the balancer keeps little", async () => {
    const servers = await startReplicas({ "ws-1": (_request, response) => response.end() });
    const server = servers["ws-1"];
    const sockets = server && new WebSocketServer({ server, maxPayload: 64 * 1024 });
    sockets?.on("connection", (socket) => socket.on("error", () => undefined));
    rig = await startBalancer(servers, { pattern: "web-sockets" });
    const client = new WebSocket(`ws://${rig.host}/`);
    await once(client, "open");
    client.send(Buffer.alloc(8 * 1024 * 1024));
    const [code] = await once(client, "close");
    expect(code).toBe(1009);
    await expect.poll(() => rig.balancer.limits()["bytes kept to be read"]?.used).toBe(0);
  });
});
