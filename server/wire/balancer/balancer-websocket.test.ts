import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { Server as SocketIoServer } from "socket.io";
import { type Socket as IoClient, io } from "socket.io-client";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { RawClient } from "./testing/raw-client.ts";
import { listen, type Rig, startBalancer, upstreamsOf } from "./testing/start-balancer.ts";

let rig: Rig;
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await rig.close();
});

const MESSAGE = {
  id: 1,
  text: "lunch?",
  time: "2026-01-01T12:00:00.000Z",
  server: "ws-1",
  room: "lobby",
};

/** A Socket.IO server that answers as a replica does. */
async function startSocketIo(name: string) {
  const http = createServer();
  const server = new SocketIoServer(http, { pingInterval: 60_000 });
  server.on("connection", (socket) => {
    socket.emit("messages", [MESSAGE]);
    socket.on(
      "send-message",
      ({ text }: { text: string }, acknowledge: (stored: unknown) => void) => {
        const stored = { ...MESSAGE, id: 2, text, server: name };
        acknowledge(stored);
        server.emit("message", stored);
      },
    );
  });
  await listen(http);
  return { http, server };
}

function connectIo(transports: string[], query: Record<string, string>): IoClient {
  const client = io(`http://${rig.host}`, {
    transports,
    query,
    forceNew: true,
    reconnection: false,
  });
  cleanUps.push(() => client.close());
  return client;
}

describe("WebSockets through the balancer", () => {
  it("LB15 reports a Socket.IO connection over WebSocket, packet by packet", async () => {
    const { http } = await startSocketIo("ws-1");
    rig = await startBalancer({ "ws-1": http }, { pattern: "web-sockets" });
    const client = connectIo(["websocket"], { client: "ws-client-1", room: "lobby" });
    await new Promise((resolve) => client.once("messages", resolve));
    const received = new Promise((resolve) => client.once("message", resolve));
    await client.emitWithAck("send-message", { text: "lunch?" });
    await received;
    await rig.log.seen((hop) => hop.label === "message 2");
    client.close();
    await rig.log.seen((hop) => hop.kind === "socket.close");
    const [opened] = rig.hops("socket.open");
    expect(opened).toMatchObject({
      label: "CONNECT 101",
      from: "client:ws-client-1",
      to: "replica:ws-1",
      info: { transport: "websocket" },
    });
    expect(opened?.conn).toBeTruthy();
    expect(new Set(rig.log.hops.map((hop) => hop.conn))).toEqual(new Set([opened?.conn]));
    const packets = rig.hops("packet").map((hop) => `${hop.from.split(":")[0]} ${hop.label}`);
    expect(packets.slice(0, 5)).toEqual([
      "replica open",
      "client CONNECT",
      "replica CONNECTED",
      "replica messages [1]",
      "client send-message “lunch?”",
    ]);
    expect(packets.slice(5, 7).sort()).toEqual(["replica ack 2", "replica message 2"]);
    const asked = rig.hops("packet").find((hop) => hop.info?.text === "lunch?");
    const acknowledged = rig.hops("packet").find((hop) => hop.label === "ack 2");
    expect(acknowledged).toMatchObject({
      causes: [asked?.seq],
      messageIds: ["web-sockets/lobby/2"],
    });
    expect(rig.hops("http.request")).toEqual([]);
    expect(rig.balancer.held()).toEqual({ "ws-1": 0 });
  });

  it("LB15 reports packets of the polling transport with the HTTP hops that carry them", async () => {
    const { http } = await startSocketIo("ws-1");
    rig = await startBalancer({ "ws-1": http }, { pattern: "web-sockets" });
    const client = connectIo(["polling"], { client: "ws-client-1" });
    await new Promise((resolve) => client.once("messages", resolve));
    await client.emitWithAck("send-message", { text: "tea" });
    const sent = await rig.log.seen((hop) => hop.label === "send-message “tea”");
    expect(sent.info).toMatchObject({
      transport: "polling",
      packet: "event",
      event: "send-message",
    });
    const carrier = await rig.log.seen(
      (hop) => hop.kind === "http.request" && hop.causes?.includes(sent.seq) === true,
    );
    expect(carrier.label).toBe("POST /socket.io/");
    const open = await rig.log.seen((hop) => hop.label === "open");
    const response = await rig.log.seen(
      (hop) => hop.kind === "http.response" && hop.causes?.includes(open.seq) === true,
    );
    expect(response.from).toBe("replica:ws-1");
    const history = await rig.log.seen((hop) => hop.label === "messages [1]");
    expect(history.messageIds).toEqual(["web-sockets/lobby/1"]);
  });

  it("LB16 keeps a session of the polling transport, and its upgrade, on one replica", async () => {
    const [one, two] = [await startSocketIo("ws-1"), await startSocketIo("ws-2")];
    rig = await startBalancer({ "ws-1": one.http, "ws-2": two.http }, { pattern: "web-sockets" });
    for (let index = 1; index <= 4; index++) {
      const client = connectIo(["polling", "websocket"], { client: `ws-client-${index}` });
      await new Promise((resolve) => client.io.engine.once("upgrade", resolve));
    }
    for (let index = 1; index <= 4; index++) {
      const hops = rig.log.hops.filter((hop) => hop.from === `client:ws-client-${index}`);
      expect(new Set(hops.map((hop) => hop.to)).size).toBe(1);
    }
    expect(new Set(rig.hops("socket.open").map((hop) => hop.to))).toEqual(
      new Set(["replica:ws-1", "replica:ws-2"]),
    );
  });

  it("LB16 shows what breaks when sessions are not kept together", async () => {
    const [one, two] = [await startSocketIo("ws-1"), await startSocketIo("ws-2")];
    rig = await startBalancer(
      { "ws-1": one.http, "ws-2": two.http },
      { pattern: "web-sockets", sticky: false },
    );
    const client = connectIo(["polling"], {});
    const closed = new Promise((resolve) => {
      client.once("connect_error", resolve);
      client.once("disconnect", resolve);
    });
    await closed;
    const refused = rig.hops("http.response").find((hop) => hop.info?.status === 400);
    expect(refused).toMatchObject({ outcome: "error" });
  });

  it("LB16 lets a session of a draining replica go on there", async () => {
    const { http } = await startSocketIo("ws-1");
    rig = await startBalancer({ "ws-1": http }, { pattern: "web-sockets" });
    const client = connectIo(["polling"], {});
    await new Promise((resolve) => client.once("messages", resolve));
    await rig.configure({
      upstreams: upstreamsOf({ "ws-1": http }).map((each) => ({ ...each, state: "draining" })),
    });
    expect(await client.emitWithAck("send-message", { text: "still here" })).toMatchObject({
      id: 2,
    });
  });

  it("LB10 cuts open sockets of a replica that is out, and says so", async () => {
    const { http } = await startSocketIo("ws-1");
    rig = await startBalancer({ "ws-1": http }, { pattern: "web-sockets" });
    const client = connectIo(["websocket"], {});
    await new Promise((resolve) => client.once("messages", resolve));
    expect(rig.balancer.held()).toEqual({ "ws-1": 1 });
    const gone = new Promise((resolve) => client.once("disconnect", resolve));
    await rig.configure({ upstreams: [] });
    await gone;
    const end = await rig.log.seen((hop) => hop.kind === "socket.close");
    expect(end.info).toMatchObject({ closedBy: "balancer", reason: "replica ws-1 was taken out" });
  });

  it("LB17 passes text, binary, large and compressed frames of a stranger unharmed", async () => {
    const http = createServer();
    const echo = new WebSocketServer({ server: http, perMessageDeflate: { threshold: 0 } });
    echo.on("connection", (socket) =>
      socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    await listen(http);
    rig = await startBalancer({ "ws-1": http }, { pattern: "web-sockets" });
    for (const perMessageDeflate of [false, true]) {
      const socket = new WebSocket(`ws://${rig.host}/any`, { perMessageDeflate });
      cleanUps.push(() => socket.terminate());
      await new Promise((resolve) => socket.once("open", resolve));
      for (const sent of ["hello", Buffer.alloc(3 * 1024 * 1024, 7), "x".repeat(70_000), ""]) {
        const answer = new Promise<Buffer>((resolve) =>
          socket.once("message", (data: Buffer) => resolve(data)),
        );
        socket.send(sent);
        expect(Buffer.compare(await answer, Buffer.from(sent))).toBe(0);
      }
      const [before] = rig.hops("frame").slice(-1);
      const pong = new Promise((resolve) => socket.once("pong", resolve));
      socket.ping();
      await pong;
      expect(before?.label.startsWith("compressed")).toBe(perMessageDeflate);
      socket.close(1000);
    }
    await expect.poll(() => rig.hops("socket.close")).toHaveLength(2);
    const labels = rig.hops("frame").map((hop) => hop.label);
    expect(labels).toEqual(
      expect.arrayContaining(["“hello”", "ping frame", "pong frame", "close 1000"]),
    );
    expect(rig.hops("packet")).toEqual([]);
  });

  it("LB17 passes bytes that are no WebSocket frames, and half-closes", async () => {
    const server = await listen(
      createTcpServer({ allowHalfOpen: true }, (socket) => {
        let text = "";
        socket.once("data", () => {
          // What follows the 101 in the same write belongs to the new protocol.
          socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n\xff\xffearly",
            "latin1",
          );
          socket.on("data", (chunk) => {
            text += chunk.toString("latin1");
          });
          socket.on("end", () => socket.end(`after your end: ${text}`));
        });
      }),
    );
    rig = await startBalancer({ "ws-1": server }, { pattern: "web-sockets" });
    const client = await RawClient.open(rig.port, { allowHalfOpen: true });
    client.send(
      `GET / HTTP/1.1\r\nHost: ${rig.host}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\npipelined `,
    );
    await client.take("early");
    client.send("\xff bytes");
    client.socket.end();
    await client.take("after your end: pipelined");
    await rig.log.seen((hop) => hop.kind === "socket.close");
    expect(rig.hops("raw").length).toBeGreaterThan(0);
  });

  it("LB17 answers as the replica does when it does not switch", async () => {
    const http = await listen(
      createServer((_request, response) => response.writeHead(426).end("no")),
    );
    rig = await startBalancer({ "ws-1": http }, { pattern: "web-sockets" });
    const client = await RawClient.open(rig.port);
    client.send(
      `GET / HTTP/1.1\r\nHost: ${rig.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(await client.take("no")).toMatch(/^HTTP\/1\.1 426/);
    await rig.log.seen((hop) => hop.kind === "http.response");
    expect(rig.hops("http.request")).toHaveLength(1);
    client.leave();
  });
});
