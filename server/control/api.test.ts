/** The control API of one real playground: what it takes, what it refuses, and its description. */
import { request } from "node:http";
import { Ajv2020 } from "ajv/dist/2020.js";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import { defaultSettings } from "../../shared/contracts/settings.ts";
import { PROCESS_TEST_MS, stopAll, TestPlayground } from "./testing/playground-process.ts";
import { until } from "./testing/until.ts";

let playground: TestPlayground;
beforeAll(async () => {
  playground = await TestPlayground.start({ args: ["--replicas", "1"] });
});
vi.setConfig({ testTimeout: PROCESS_TEST_MS, hookTimeout: PROCESS_TEST_MS });
afterAll(async () => {
  await playground?.stop();
  await stopAll();
});

const settings = () => playground.get<Settings>("/api/settings");

/** A request whose Host and Origin are chosen. */
function statusWith(headers: Record<string, string>, path = "/api/health"): Promise<number> {
  return new Promise((resolve, reject) => {
    request(new URL(path, playground.url), { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("the first page", () => {
  it("CT22 is welcomed once with clients and a short poll timeout", async () => {
    const answers = await Promise.all([1, 2].map(() => playground.call("POST", "/api/welcome")));
    const welcomed = answers.map(({ body }) => (body as { welcomed: boolean }).welcomed);
    expect(welcomed.sort()).toEqual([false, true]);
    expect(await playground.get("/api/fleet")).toEqual({ "long-polling": 3, "web-sockets": 3 });
    expect((await settings()).pollTimeoutMs).toBe(10_000);
    expect((await playground.cluster()).welcomed).toBe(true);
    await until(
      "clients come",
      () => playground.get<Metrics>("/api/metrics"),
      ({ patterns }) => {
        return patterns["long-polling"].held === 3 && patterns["web-sockets"].held === 3;
      },
    );
  });
});

describe("settings", () => {
  it.each([
    [{ pollTimeoutMs: 99 }, "pollTimeoutMs: must be at least 100"],
    [{ pollTimeoutMs: 300_001 }, "at most 300000"],
    [{ pollTimeoutMs: 100.5 }, "whole number"],
    [{ pollTimeoutMs: "1000" }, "must be a number"],
    [{ pollCursor: 1 }, "true or false"],
    [{ balancing: "random" }, "round-robin"],
    [{ transports: [] }, "transports"],
    [{ transports: ["websocket", "polling"] }, "transports"],
    [{ colour: "red" }, "“colour” is not known"],
    [{ pollGapMs: 100, pingIntervalMs: 1 }, "pingIntervalMs"],
    [[], "object"],
    [null, "object"],
  ])("CT16 %j is refused and nothing is applied", async (patch, words) => {
    const before = await settings();
    const { status, body } = await playground.call("PATCH", "/api/settings", patch);
    expect(status).toBe(400);
    expect((body as { error: { message: string } }).error.message).toContain(words);
    expect(await settings()).toEqual(before);
  });

  it("CT16 a change is in force once it is answered", async () => {
    const patch = { pollTimeoutMs: 200, balancing: "least-connections", sticky: false } as const;
    const { body } = await playground.call("PATCH", "/api/settings", patch);
    expect(body).toEqual({ ...defaultSettings(), ...patch });
    const polled = await fetch(
      `${await playground.balancer("long-polling")}/messages?after=0&room=quiet`,
    );
    expect(await polled.json()).toEqual({ messages: [] });
    await playground.call("PATCH", "/api/settings", { pollTimeoutMs: 10_000 });
  });
});

describe("bad input", () => {
  it.each([
    ["PUT", "/api/patterns/pigeons/replicas", { count: 1 }, 404],
    ["PUT", "/api/patterns/long-polling/replicas", { count: 17 }, 400],
    ["PUT", "/api/patterns/long-polling/replicas", { count: -1 }, 400],
    ["PUT", "/api/patterns/long-polling/replicas", { count: "2" }, 400],
    ["PUT", "/api/patterns/long-polling/replicas", {}, 400],
    ["PUT", "/api/patterns/long-polling/replicas", undefined, 400],
    ["POST", "/api/replicas/lp-99/kill", undefined, 404],
    ["POST", "/api/replicas/lp-1/praise", undefined, 404],
    ["PUT", "/api/fleet", { "long-polling": 20_001 }, 400],
    ["PUT", "/api/fleet", { pigeons: 1 }, 400],
    ["PUT", "/api/load", { pattern: "long-polling", rate: -1 }, 400],
    ["PUT", "/api/load", { pattern: "pigeons", rate: 1 }, 400],
    ["POST", "/api/messages", { pattern: "long-polling", text: "  " }, 400],
    ["POST", "/api/messages", { pattern: "long-polling", text: "a".repeat(4097) }, 400],
    ["POST", "/api/messages", { pattern: "long-polling", text: 1 }, 400],
    ["POST", "/api/messages", { pattern: "long-polling", text: "a", room: "a b" }, 400],
    ["POST", "/api/messages", { pattern: "long-polling", text: "a", replica: "lp-99" }, 404],
    ["POST", "/api/messages", { text: "a" }, 400],
    ["POST", "/api/messages", { text: "a".repeat(70_000) }, 413],
    ["GET", "/api/trace?after=-1", undefined, 400],
    ["GET", "/api/trace?limit=10001", undefined, 400],
    ["GET", "/api/trace?limit=0", undefined, 400],
    ["GET", "/api/trace/999999999", undefined, 404],
    ["GET", "/api/nothing", undefined, 404],
    ["GET", "/nothing", undefined, 404],
  ])("CT26 %s %s %j → %i, in plain words, nothing changed", async (method, path, body, status) => {
    const before = [
      await settings(),
      await playground.get("/api/fleet"),
      await playground.get("/api/load"),
    ];
    const answer = await playground.call(method, path, body);
    expect(answer.status).toBe(status);
    const { error } = answer.body as { error: { code: string; message: string } };
    expect(error.code).toMatch(/^[a-z-]+$/);
    expect(error.message.length).toBeGreaterThan(5);
    const after = [
      await settings(),
      await playground.get("/api/fleet"),
      await playground.get("/api/load"),
    ];
    expect(after).toEqual(before);
  });

  it.each([
    ["DELETE", "/api/settings", "GET, HEAD, PATCH"],
    ["POST", "/api/settings", "GET, HEAD, PATCH"],
    ["GET", "/api/reset", "POST"],
    ["PUT", "/metrics", "GET, HEAD"],
    ["DELETE", "/api/replicas/lp-1/kill", "POST"],
  ])("CT26 %s %s → 405, and what is allowed there", async (method, path, allowed) => {
    const answer = await fetch(`${playground.url}${path}`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allowed);
    expect(await answer.json()).toMatchObject({ error: { code: "method-not-allowed" } });
  });

  it("CT26 JSON a hundred thousand levels deep, or with __proto__ in it, harms nothing", async () => {
    const headers = { "content-type": "application/json" };
    const patch = (body: string) =>
      fetch(`${playground.url}/api/settings`, { method: "PATCH", headers, body });
    const before = await settings();
    expect((await patch(`${"[".repeat(30_000)}${"]".repeat(30_000)}`)).status).toBe(400);
    expect((await patch("[".repeat(100_000))).status).toBe(413);
    expect((await patch('{"__proto__": {"pollTimeoutMs": 100}}')).status).toBe(400);
    expect((await patch('{"constructor": {"prototype": {"x": 1}}}')).status).toBe(400);
    expect(await settings()).toEqual(before);
  });

  it.each([
    ["not JSON", "application/json", "{", 400, "not-json"],
    ["another content type", "text/plain", "{}", 415, "wrong-content-type"],
  ])("CT26 a body that is %s is refused", async (_name, type, body, status, code) => {
    const headers = { "content-type": type };
    const answer = await fetch(`${playground.url}/api/settings`, {
      method: "PATCH",
      headers,
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code } });
  });
});

describe("safety", () => {
  it.each([
    [{ host: "evil.example" }],
    [{ host: "evil.example:80" }],
    [{ origin: "http://evil.example" }],
    [{ origin: "null" }],
    [{ origin: "http://localhost:1" }],
  ])("CT27 %j is refused", async (headers) => {
    expect(await statusWith(headers)).toBe(403);
    expect(await statusWith(headers, "/")).toBe(403);
  });

  it("CT27 our own page may ask, under each of our names", async () => {
    const { port } = new URL(playground.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect(await statusWith({ host, origin: `http://${host}` })).toBe(200);
    }
  });

  it("CT27 a page of another site gets no feed, also as an upgrade", async () => {
    for (const transports of [["websocket"], ["polling"]]) {
      const extraHeaders = { origin: "http://evil.example" };
      const socket = io(playground.url, { transports, extraHeaders, reconnection: false });
      const came = await new Promise((resolve) => {
        socket.on("connect", () => resolve("connected"));
        socket.on("connect_error", () => resolve("refused"));
      });
      socket.close();
      expect(came).toBe("refused");
    }
  });

  it("CT27 the page may only talk to us and our balancers", async () => {
    const answer = await fetch(playground.url);
    const policy = answer.headers.get("content-security-policy") ?? "";
    const { port } = new URL(playground.url);
    expect(policy).toContain(`connect-src 'self' http://127.0.0.1:${Number(port) + 1}`);
    expect(policy).toContain(`ws://localhost:${Number(port) + 2}`);
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("["); // Browsers know no IPv6 address there, and complain.
  });
});

describe("the description", () => {
  it("CT25 names every call, with its input and answers", async () => {
    const openapi = await playground.get<OpenApi>("/api/openapi.json");
    expect(openapi.openapi).toBe("3.1.0");
    const calls = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(calls).toEqual(expect.arrayContaining(FIXED_CALLS));
    const { responses } = openapi.paths["/api/messages"]?.post ?? {};
    expect(Object.keys(responses ?? {})).toEqual(["201", "502", "503", "504", "4XX"]);
    const text = JSON.stringify(openapi);
    for (const key of Object.keys(defaultSettings())) expect(text).toContain(`"${key}"`);
  });
});

describe("answers", () => {
  it.each([
    "/api/health",
    "/api/cluster",
    "/api/settings",
    "/api/fleet",
    "/api/load",
    "/api/metrics",
    "/api/trace?limit=10000",
  ])("CT25 GET %s is as described", async (path) => {
    const openapi = await playground.get<OpenApi>("/api/openapi.json");
    const described = openapi.paths[path.split("?")[0] ?? ""]?.get?.responses[200];
    const schema = described?.content["application/json"].schema;
    const validate = new Ajv2020({ strict: false }).compile(schema as object);
    validate(await playground.get(path));
    expect(validate.errors).toBeNull();
  });
});

interface Operation {
  responses: Record<number, { content: { "application/json": { schema: object } } }>;
}

interface OpenApi {
  openapi: string;
  paths: Record<string, { get?: Operation; post?: Operation }>;
}

/** DESIGN: scripts and tests of others depend on these. */
const FIXED_CALLS = [
  "GET /api/health",
  "GET /api/cluster",
  "PUT /api/patterns/{pattern}/replicas",
  "POST /api/replicas/{id}/{action}",
  "GET /api/settings",
  "PATCH /api/settings",
  "GET /api/fleet",
  "PUT /api/fleet",
  "POST /api/messages",
  "PUT /api/load",
  "GET /api/metrics",
  "GET /metrics",
  "GET /api/trace",
  "GET /api/trace.mmd",
  "GET /api/recording",
  "GET /api/hold",
  "PUT /api/hold",
  "POST /api/hold/next",
  "GET /api/faults",
  "POST /api/faults",
  "DELETE /api/faults",
  "DELETE /api/faults/{id}",
  "POST /api/reset",
];
