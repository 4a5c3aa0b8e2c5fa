/** The whole program with `--target`: from the command line to a server that comes, is watched, and goes. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import type { Cluster, Health } from "../../../shared/contracts/control.ts";
import type { Metrics } from "../../../shared/contracts/metrics.ts";
import type { TraceBatch } from "../../../shared/trace/event.ts";
import { startEmbedded } from "../../embedded/broker/testing/brokers.ts";
import { findFreePort } from "../../processes/free-ports.ts";
import {
  PROCESS_TEST_MS,
  Program,
  stopAll,
  TestPlayground,
} from "../testing/playground-process.ts";

const soon = { timeout: 15_000 };
let server: Server | undefined;
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await stopAll();
});

async function serve(port: number): Promise<void> {
  server = createServer((request, response) => {
    // As a server that has nothing to say for a while.
    if (request.url === "/news") setTimeout(() => response.writeHead(204).end(), 1_050);
    else response.end(`host ${request.headers.host}, ${request.headers.traceparent ?? "untraced"}`);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

describe("the program with a target", () => {
  it("TG3 what cannot be watched is said in one line, exit 1", {
    timeout: PROCESS_TEST_MS,
  }, async () => {
    const { code, stdout, stderr } = await new Program(["--target", "https://127.0.0.1:1"]).ended;
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.trim().split("\n")).toEqual([
      "--target cannot be watched over TLS: give the http:// port behind it.",
      ...stderr
        .trim()
        .split("\n")
        .slice(1)
        .filter((line) => line.startsWith("Stopp")),
    ]);
  });

  it("TG1 TG2 TG4 TG5 TG12 is in cluster, trace and metrics, comes and goes", {
    timeout: PROCESS_TEST_MS,
  }, async () => {
    const port = await findFreePort("127.0.0.1", Math.random);
    const redis = await startEmbedded();
    const args = ["--target", `http://127.0.0.1:${port}`, "--broker", `127.0.0.1:${redis.port}`];
    const playground = await TestPlayground.start({ args: [...args, "--replicas", "1"] });
    const target = async () => (await playground.get<Cluster>("/api/cluster")).patterns.target;
    const state = async () => (await target())?.replicas[0]?.state;
    const seen = await target();
    const url = seen?.url ?? "";
    expect(seen).toMatchObject({ server: `http://127.0.0.1:${port}`, broker: {} });
    expect(playground.program.stderr).toContain(
      `Point your server's Redis at ${seen?.broker?.tap}.`,
    );

    await expect.poll(state, soon).toBe("failed");
    const refused = await fetch(url);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain("accepts no connection");
    await expect
      .poll(async () => (await playground.get<Health>("/api/health")).status, soon)
      .toBe("ok");

    await serve(port);
    await expect.poll(state, soon).toBe("ready");
    expect(await (await fetch(url)).text()).toBe(`host ${new URL(url).host}, untraced`);
    expect((await fetch(`${url}/news`)).status).toBe(204);
    const told = async () => {
      const { events } = await playground.get<TraceBatch>("/api/trace?limit=10000");
      return events.filter(({ pattern }) => pattern === "target").map(({ label }) => label);
    };
    await expect
      .poll(told, soon)
      .toEqual(["GET /", "503 no replica", "GET /", "200", "GET /news", "204 idle"]);
    const { patterns } = await playground.get<Metrics>("/api/metrics");
    expect(patterns.target).toMatchObject({ requests: 3, polls: 1, idleRequests: 1 });
    expect(patterns["long-polling"].requests).toBe(0);
    const { body: text } = await playground.call("GET", "/metrics");
    expect(text).toContain('playground_idle_requests_total{pattern="target"} 1');
    expect((await playground.call("GET", "/api/trace.mmd")).body).toContain("204 idle");

    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    // As it would be without us: the client's connection has ended with the server's.
    await fetch(url).catch(() => undefined);
    expect((await fetch(url)).status).toBe(503);
    await expect.poll(state, soon).toBe("failed");
    await playground.stop();
    await redis.stop();
  });
});
