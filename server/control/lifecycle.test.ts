/** The program from the command line: start, ready line, refusals, stop, leftovers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import type { Health } from "../../shared/contracts/control.ts";
import { findFreeRow, isFree } from "../processes/free-ports.ts";
import { commandLines } from "./testing/command-lines.ts";
import {
  isAlive,
  PROCESS_TEST_MS,
  Program,
  stopAll,
  TestPlayground,
  temporaryFolder,
} from "./testing/playground-process.ts";
import { until } from "./testing/until.ts";

const folder = temporaryFolder();
vi.setConfig({ testTimeout: PROCESS_TEST_MS, hookTimeout: PROCESS_TEST_MS });
afterAll(async () => {
  await stopAll();
  folder.remove();
});

/** Pids of the program's children, as the cluster tells them. */
async function childrenOf(playground: TestPlayground): Promise<number[]> {
  const { patterns } = await playground.cluster();
  return Object.values(patterns).flatMap(({ replicas }) =>
    replicas.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
  );
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const { server, port } = await listening();
  server.close();
  return port;
}

function listening(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.listen({ host: "127.0.0.1", port }, () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve({ server, port: address.port });
      else reject(new Error("It listens on no port."));
    });
  });
}

/** Command lines that name the data folder, or where its store lives if that is elsewhere. */
function processesWith(dataDir: string): string[] {
  const elsewhere = join(dataDir, "store-home");
  const places = [
    dataDir,
    ...(existsSync(elsewhere) ? [readFileSync(elsewhere, "utf8").trim()] : []),
  ];
  return commandLines().filter(
    (line) => !line.includes("dist/server/main.js") && places.some((place) => line.includes(place)),
  );
}

/** A request whose body never comes to its end: nobody waits for it when all is to end. */
function unfinishedRequest(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  const head = `POST /api/reset HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`;
  return new Promise((resolve) => {
    socket.write(`${head}Content-Length: 9\r\n\r\n{`, () => resolve(socket));
  });
}

async function arePortsFree(playground: TestPlayground): Promise<boolean> {
  const port = Number(new URL(playground.url).port);
  const free = await Promise.all([0, 1, 2].map((step) => isFree("127.0.0.1", port + step)));
  return free.every(Boolean);
}

describe("the command line", () => {
  it("CT2 a wrong flag prints usage and exits 2", async () => {
    const ended = await new Program(["--prot", "4000"]).ended;
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("Usage:");
    expect(ended.stdout).toBe("");
  });

  it.each([
    ["--port", "65534"],
    ["--port", "four"],
    ["--replicas", "17"],
    ["--replicas", "-1"],
    ["extra"],
  ])("CT2 %s %s exits 2", async (...args) => {
    expect((await new Program(args).ended).code).toBe(2);
  });

  it.each([0, 1, 2])("CT3 a port in use (the first + %i) is named, exit 1", async (step) => {
    const first = await findFreeRow("127.0.0.1", 3, Math.random);
    const { server, port } = await listening(first + step);
    const ended = await new Program(["--port", String(first), "--data", folder.path]).ended;
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
  });

  it("CT5 an address that cannot be used is named, exit 1", async () => {
    const args = ["--port", "0", "--data", folder.path];
    const ended = await new Program(args, { REDIS_URL: "rediss://127.0.0.1:6379" }).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/TLS/);
  });
});

describe("a start that cannot be whole", () => {
  it("CT5 CT9 a broker that does not answer is named and shown; the rest works", async () => {
    const port = await closedPort();
    const playground = await TestPlayground.start({
      args: ["--replicas", "1"],
      env: { REDIS_URL: `redis://user:secret@127.0.0.1:${port}` },
    });
    const health = await playground.get<Health>("/api/health");
    expect(health).toMatchObject({ status: "degraded", broker: { kind: "redis", state: "down" } });
    expect(health.broker.note).toContain(String(port));
    expect(JSON.stringify(health)).not.toContain("secret");
    const sent = { pattern: "long-polling", text: "stored all the same" };
    expect((await playground.call("POST", "/api/messages", sent)).status).toBe(201);
    const { stderr } = await playground.stop();
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).not.toContain("secret");
  });
});

describe("a host that others can reach", () => {
  it("CT28 needs the token of the start address, which a first visit turns into a cookie", async () => {
    const playground = await TestPlayground.start({
      args: ["--replicas", "0", "--host", "0.0.0.0"],
    });
    const address = new URL(playground.url);
    const health = new URL("/api/health", address);
    expect((await fetch(health)).status).toBe(401);
    const visit = await fetch(new URL(`/api/health${address.search}`, address));
    expect(visit.status).toBe(200);
    const cookie = visit.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect((await fetch(health, { headers })).status).toBe(200);
    await playground.stop();
  });
});

describe("start and stop", () => {
  it("CT1 CT4 CT6 CT8 says ready once, owns its data, stops clean, starts twice with its messages", async () => {
    const first = await TestPlayground.start({ dataDir: folder.path });
    const sent = await first.call("POST", "/api/messages", {
      pattern: "long-polling",
      text: "kept",
    });
    expect(sent.status).toBe(201);

    const rival = await new Program(["--port", "0", "--data", folder.path]).ended;
    expect(rival.code).toBe(1);
    expect(rival.stderr).toContain(String(first.program.child.pid));

    const children = await childrenOf(first);
    expect(children).toHaveLength(4);
    const slow = await unfinishedRequest(Number(new URL(first.url).port));
    const ended = await first.stop();
    slow.destroy();
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(`ready ${first.url}\n`);
    expect(children.filter(isAlive)).toEqual([]);
    expect(await arePortsFree(first)).toBe(true);

    const second = await TestPlayground.start({ dataDir: folder.path });
    const polled = await fetch(`${await second.balancer("long-polling")}/messages?after=0`);
    const { messages } = (await polled.json()) as { messages: ChatMessage[] };
    expect(messages.map(({ text }) => text)).toEqual(["kept"]);
    expect((await second.stop()).code).toBe(0);
  });

  it.skipIf(process.platform === "win32")(
    "CT6 stopped while broker and store are starting, it leaves neither behind",
    async () => {
      const program = new Program(["--port", "0", "--data", folder.path]);
      await until(
        "they start",
        () => processesWith(folder.path),
        (found) => found.some((line) => /postgres/.test(line)),
      );
      program.child.kill("SIGTERM");
      // Its exit, not `ended`: that also waits for whoever still has its output open.
      expect(await once(program.child, "exit")).toEqual([0, null]);
      expect(processesWith(folder.path)).toEqual([]);
    },
  );

  it("CT7 stops when its parent is gone, also when that could not say so", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const args = ["dist/server/main.js", "--no-open", "--port", "0", "--replicas", "1", "--data", process.argv[1]];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "ignore"] });
      process.stdout.write("pid " + child.pid + "\\n");
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["-e", script, folder.path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    parent.stdout.on("data", (chunk) => (said += chunk));
    await until(
      "ready",
      () => said,
      (seen) => seen.includes("ready "),
      30_000,
    );
    const pid = Number(/pid (\d+)/.exec(said)?.[1]);
    const url = /ready (\S+)/.exec(said)?.[1];
    const cluster = (await (await fetch(`${url}/api/cluster`)).json()) as {
      patterns: { "long-polling": { replicas: { pid: number }[] } };
    };
    const replica = cluster.patterns["long-polling"].replicas[0]?.pid ?? 0;
    parent.kill("SIGKILL");
    await until(
      "main and replica gone",
      () => [pid, replica].filter(isAlive),
      (alive) => alive.length === 0,
    );
  });

  it("CT7 nothing outlives a SIGKILL of the main process, and the data folder is usable again", async () => {
    const first = await TestPlayground.start({ dataDir: folder.path });
    const children = await childrenOf(first);
    await first.call("POST", "/api/replicas/lp-1/freeze"); // It cannot see its parent go.
    first.program.child.kill("SIGKILL");
    await first.program.ended;
    await until(
      "children gone",
      () => children.filter(isAlive),
      (alive) => alive.length === 0,
    );
    await until("ports free", () => arePortsFree(first), Boolean);
    const second = await TestPlayground.start({ dataDir: folder.path });
    expect((await second.stop()).code).toBe(0);
  });
});
