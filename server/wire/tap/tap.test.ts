import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Scribe } from "../testing/scribe.ts";
import type { Gate } from "./gate.ts";
import { openTap, type Tap } from "./tap.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("not listening");
  return address.port;
}

/** A broker that hands its sockets to the test. */
async function startTarget(
  take: (socket: Socket) => void,
): Promise<{ port: number; server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined); // resets are what some tests are about
    take(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: portOf(server), server };
}

async function startTap(port: number, gate?: Gate): Promise<{ tap: Tap; scribe: Scribe }> {
  const scribe = new Scribe();
  const tap = await openTap({
    recorder: scribe,
    ...(gate && { gate }),
    config: {
      replica: "lp-1",
      pattern: "long-polling",
      link: "broker",
      host: "127.0.0.1",
      port: 0,
      target: { host: "127.0.0.1", port },
    },
  });
  closing.push(() => tap.close());
  return { tap, scribe };
}

function dial(tap: Tap): Socket {
  const socket = connect({ port: tap.port, host: "127.0.0.1", allowHalfOpen: true });
  closing.push(() => socket.destroy());
  return socket;
}

function collect(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    socket.on("end", () => resolve(Buffer.concat(chunks)));
  });
}

describe("a tap forwards", () => {
  it("TAP1 every byte of both directions, whatever they are and however they come", async () => {
    const { port } = await startTarget((socket) => socket.pipe(socket));
    const { tap, scribe } = await startTap(port);
    const redis = fc
      .constantFrom("*1\r\n$4\r\nPING\r\n", "+OK\r\n", "*2\r\n$4\r\n")
      .map(Buffer.from);
    const noise = fc.uint8Array({ minLength: 1, maxLength: 300 }).map(Buffer.from);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(redis, noise), { minLength: 1, maxLength: 20 }),
        async (chunks) => {
          const socket = dial(tap);
          const echoed = collect(socket);
          for (const chunk of chunks) socket.write(chunk);
          socket.end();
          expect(await echoed).toEqual(Buffer.concat(chunks));
        },
      ),
      { numRuns: 50 },
    );
    expect(scribe.hops.some((hop) => hop.kind === "raw")).toBe(true);
  });

  it("TAP2 all bytes to a slow reader, however many", async () => {
    let reader: Socket | undefined;
    const { port } = await startTarget((socket) => {
      reader = socket.pause();
    });
    const { tap } = await startTap(port);
    const socket = dial(tap);
    socket.end(Buffer.alloc(32 * 1024 * 1024, "x"));
    await expect.poll(() => reader?.readableLength).toBeGreaterThan(0);
    let received = 0;
    reader?.on("data", (chunk) => {
      received += chunk.length;
    });
    reader?.resume();
    await expect.poll(() => received, { timeout: 10_000 }).toBe(32 * 1024 * 1024);
  });

  it("TAP3 an end as an end, leaving the other direction open", async () => {
    const { port } = await startTarget((socket) => {
      socket.on("data", () => undefined);
      socket.on("end", () => socket.end("+late\r\n"));
    });
    const { tap, scribe } = await startTap(port);
    const socket = dial(tap);
    socket.end("PING\r\n");
    expect(String(await collect(socket))).toBe("+late\r\n");
    const close = await scribe.seen((hop) => hop.kind === "socket.close");
    expect(close).toMatchObject({ from: "replica:lp-1", label: "close" });
    expect(close.info?.closedBy).toBe("client");
  });

  it("TAP3 a reset as a reset, after the bytes that came before it", async () => {
    let received = "";
    let failed: (error: Error) => void = () => undefined;
    const failure = new Promise<NodeJS.ErrnoException>((resolve) => {
      failed = resolve;
    });
    const { port } = await startTarget((socket) => {
      socket.on("error", failed);
      socket.on("data", (chunk) => {
        received += String(chunk);
        if (received.endsWith("second\r\n")) client.resetAndDestroy();
      });
    });
    const { tap, scribe } = await startTap(port);
    const client = dial(tap);
    client.write("first\r\nsecond\r\n");
    expect((await failure).code).toBe("ECONNRESET");
    expect(received).toBe("first\r\nsecond\r\n");
    const close = await scribe.seen((hop) => hop.kind === "socket.close");
    expect(close.label).toBe("close: ECONNRESET");
  });

  it("TAP4 a refusal by dropping the connection, and says so", async () => {
    const { port, server } = await startTarget(() => undefined);
    server.close();
    const { tap, scribe } = await startTap(port);
    const socket = dial(tap);
    socket.on("error", () => undefined); // how it ends depends on timing; that it ends does not
    await new Promise((resolve) => socket.once("close", resolve));
    const close = await scribe.seen((hop) => hop.kind === "socket.close");
    expect(close).toMatchObject({ from: "broker", label: "close: ECONNREFUSED" });
  });

  it("TAP5 new connections to a new target, and leaves the old ones", async () => {
    const first = await startTarget((socket) => socket.on("data", () => socket.write("+1\r\n")));
    const second = await startTarget((socket) => socket.on("data", () => socket.write("+2\r\n")));
    const { tap } = await startTap(first.port);
    const before = dial(tap);
    before.write("PING\r\n");
    expect(String((await once(before, "data"))[0])).toBe("+1\r\n");
    tap.retarget({ host: "127.0.0.1", port: second.port });
    const after = dial(tap);
    after.write("PING\r\n");
    expect(String((await once(after, "data"))[0])).toBe("+2\r\n");
    before.write("PING\r\n");
    expect(String((await once(before, "data"))[0])).toBe("+1\r\n");
  });
});

describe("a tap reports", () => {
  it("TAP6 when a hop was whole and when it had been handed on", async () => {
    const { port } = await startTarget((socket) =>
      socket.on("data", () => socket.write("+OK\r\n")),
    );
    const { tap, scribe } = await startTap(port);
    const began = performance.now();
    dial(tap).write("PING\r\n");
    const command = await scribe.seen((hop) => hop.label === "PING");
    const reply = await scribe.seen((hop) => hop.label === "OK");
    expect(command.at).toBeGreaterThanOrEqual(began);
    expect(command.doneAt).toBeGreaterThanOrEqual(command.at);
    expect(reply.at).toBeGreaterThanOrEqual(command.at);
    expect(reply.causes).toEqual([command.seq]);
    expect(reply.conn).toBe(command.conn);
  });

  it("TAP9 that a connection opened and closed, as set-up", async () => {
    const { port } = await startTarget((socket) => socket.end());
    const { tap, scribe } = await startTap(port);
    const socket = dial(tap);
    await collect(socket);
    socket.end();
    const close = await scribe.seen((hop) => hop.kind === "socket.close");
    const open = await scribe.seen((hop) => hop.kind === "socket.open");
    expect(open).toMatchObject({ from: "replica:lp-1", to: "broker", info: { setup: true } });
    expect(close).toMatchObject({ from: "broker", to: "replica:lp-1", conn: open.conn });
    expect(close.info).toMatchObject({ setup: true, closedBy: "server" });
    expect(tap.connections()).toBe(0);
  });

  it("TAP7 what it cannot decode as raw, from there on, without its bytes", async () => {
    const { port } = await startTarget((socket) => socket.pipe(socket));
    const { tap, scribe } = await startTap(port);
    const socket = dial(tap);
    socket.end("*1\r\n$4\r\nPING\r\n*1\r\n+secret\r\n");
    await collect(socket);
    const raw = await scribe.seen((hop) => hop.kind === "raw" && hop.from === "replica:lp-1");
    expect(raw.label).toBe("27 bytes");
    expect(raw.raw).toBeUndefined();
  });
});

describe("a gate", () => {
  it("TAP8 that is closed lets units through one by one, and all bytes once it opens", async () => {
    const waiting: (() => void)[] = [];
    let open = false;
    const gate: Gate = {
      isOpen: () => open,
      admit: ({ release }) => waiting.push(() => release("held")),
      watch: () => undefined,
      leave: () => undefined,
      cutFor: () => undefined,
    };
    let received = "";
    const { port } = await startTarget((socket) => {
      socket.on("data", (chunk) => {
        received += String(chunk);
        socket.emit("more");
      });
      sockets.push(socket);
    });
    const sockets: Socket[] = [];
    const { tap, scribe } = await startTap(port, gate);
    const socket = dial(tap);
    socket.write("PING one\r\nPING two\r\nPING th");
    await expect.poll(() => waiting.length).toBe(2);
    expect(received).toBe("");
    waiting.shift()?.();
    await expect.poll(() => received).toBe("PING one\r\n");
    expect(scribe.labels("redis.command")).toEqual(["PING one"]);
    waiting.shift()?.();
    open = true;
    socket.end("ree\r\n");
    await expect.poll(() => received).toBe("PING one\r\nPING two\r\nPING three\r\n");
    expect(scribe.labels("redis.command")).toEqual(["PING one", "PING two", "PING three"]);
  });
});
