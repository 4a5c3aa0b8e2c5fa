/** One real cluster under load: scaled, killed, frozen, restarted, its parts killed. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Fleet } from "../../shared/contracts/control.ts";
import type { Pattern, ReplicaId } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { TraceBatch } from "../../shared/trace/event.ts";
import { PROCESS_TEST_MS, stopAll, TestPlayground } from "./testing/playground-process.ts";
import { until } from "./testing/until.ts";

const CLIENTS: Fleet = { "long-polling": 4, "web-sockets": 4 };
let playground: TestPlayground;

beforeAll(async () => {
  playground = await TestPlayground.start();
  await playground.call("PUT", "/api/fleet", CLIENTS);
  await untilAllHeld();
});
vi.setConfig({ testTimeout: PROCESS_TEST_MS, hookTimeout: PROCESS_TEST_MS });
afterAll(async () => {
  await playground?.stop();
  await stopAll();
});

const metrics = () => playground.get<Metrics>("/api/metrics");
const act = (id: ReplicaId, action: string) =>
  playground.call("POST", `/api/replicas/${id}/${action}`);

async function untilAllHeld(): Promise<void> {
  await until("every client parked or connected", metrics, ({ patterns }) =>
    (Object.keys(CLIENTS) as Pattern[]).every((name) => patterns[name].held >= CLIENTS[name]),
  );
}

async function scale(pattern: Pattern, count: number) {
  const answer = await playground.call("PUT", `/api/patterns/${pattern}/replicas`, { count });
  expect(answer.status).toBe(200);
  const { patterns } = await playground.cluster();
  return patterns[pattern].replicas.map(({ id, state }) => `${id} ${state}`);
}

/** Sends until one is taken; a cluster of no replicas takes none. */
async function sendOne(pattern: Pattern, text: string): Promise<void> {
  await until(
    `“${text}” taken`,
    () => playground.call("POST", "/api/messages", { pattern, text }),
    ({ status }) => status === 201,
  );
}

describe.each([
  ["long-polling", "lp"],
  ["web-sockets", "ws"],
] as const)("%s", (pattern, prefix) => {
  it("CT10 scales 2→3→1→0→2 while clients wait, and loses nothing", async () => {
    const before = (await metrics()).patterns[pattern];
    const all = (count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}-${index + 1} ready`);
    for (const count of [3, 1]) {
      expect(await scale(pattern, count)).toEqual(all(count));
      await sendOne(pattern, `at ${count}`);
    }
    expect(await scale(pattern, 0)).toEqual([]);
    const refused = await playground.call("POST", "/api/messages", { pattern, text: "nobody" });
    expect(refused.status).toBe(503);
    expect(await scale(pattern, 2)).toEqual(all(2));
    await sendOne(pattern, "at 2");
    const wanted = before.deliveries + before.replayed + 3 * CLIENTS[pattern];
    const after = await until("all deliveries", metrics, ({ patterns }) => {
      return patterns[pattern].deliveries + patterns[pattern].replayed >= wanted;
    });
    expect(after.patterns[pattern].lost).toBe(0);
    await untilAllHeld();
  });

  it("CT13 a killed replica starts again under its id, and is said to be away meanwhile", async () => {
    const id = `${prefix}-1`;
    const before = await playground.replica(id);
    expect((await act(id, "kill")).status).toBe(200);
    const away = await playground.replica(id);
    expect(away).toMatchObject({ state: "restarting" });
    expect(away?.note).toMatch(/SIGKILL/);
    expect(away?.pid).toBeUndefined();
    const back = await playground.untilReplica(id, ({ state }) => state === "ready");
    expect(back?.restarts).toBe((before?.restarts ?? 0) + 1);
    expect(back?.pid).not.toBe(before?.pid);
    await sendOne(pattern, "after the kill");
  });

  it("CT12 a frozen replica leaves the rotation and comes back when thawed", async () => {
    const [frozen, other] = [`${prefix}-1`, `${prefix}-2`];
    expect((await act(frozen, "freeze")).body).toMatchObject({ id: frozen, state: "frozen" });
    const takers = new Set<string>();
    for (const text of ["a", "b", "c"]) {
      const { status, body } = await playground.call("POST", "/api/messages", { pattern, text });
      expect(status).toBe(201);
      takers.add((body as { server: string }).server);
    }
    expect([...takers]).toEqual([other]);
    expect((await act(frozen, "freeze")).status).toBe(409);
    expect((await act(frozen, "thaw")).body).toMatchObject({ state: "ready" });
    expect((await act(frozen, "thaw")).status).toBe(409);
  });

  it("CT11 stop drains and stays stopped; restart starts it anew", async () => {
    const id = `${prefix}-2`;
    expect((await act(id, "stop")).body).toMatchObject({ id, state: "stopped" });
    expect((await playground.get<{ status: string }>("/api/health")).status).toBe("degraded");
    expect((await act(id, "stop")).status).toBe(409);
    expect((await act(id, "kill")).status).toBe(409);
    expect((await act(id, "restart")).body).toMatchObject({ id, state: "ready" });
  });
});

describe("auto-restart", () => {
  it("CT13 off: a killed replica stays failed; on again: it starts", async () => {
    await playground.call("PATCH", "/api/settings", { autoRestart: false });
    await act("lp-1", "kill");
    expect(await playground.replica("lp-1")).toMatchObject({ state: "failed" });
    await playground.call("PATCH", "/api/settings", { autoRestart: true });
    expect(await playground.replica("lp-1")).toMatchObject({ state: "ready" });
  });
});

describe("parts that die", () => {
  it("CT14 a wire that is killed comes back on the same ports; numbers and times go on", async () => {
    const before = await playground.cluster();
    const { next } = await playground.get<TraceBatch>("/api/trace?limit=10000");
    process.kill(before.wire.pid ?? 0, "SIGKILL");
    await until(
      "the wire is down",
      () => playground.cluster(),
      ({ wire }) => wire.state === "down",
    );
    const back = await until(
      "up again",
      () => playground.cluster(),
      ({ wire }) => wire.state === "up",
    );
    expect(back.wire.pid).not.toBe(before.wire.pid);
    expect(back.patterns["long-polling"].url).toBe(before.patterns["long-polling"].url);
    // ME23: its counts began with it, and that is said.
    const { since } = await playground.get<Metrics>("/api/metrics");
    expect(since).toMatchObject({ why: "wire-restart" });
    await sendOne("long-polling", "after the wire");
    await sendOne("web-sockets", "after the wire");
    await untilAllHeld();
    const { events } = await playground.get<TraceBatch>(`/api/trace?after=${next}&limit=10000`);
    const seqs = events.map(({ seq }) => seq);
    expect(seqs.every((seq, index) => seq > (seqs[index - 1] ?? next))).toBe(true);
    const old = await playground.get<TraceBatch>(`/api/trace?after=${next - 1}&limit=1`);
    expect(events[0]?.doneAt).toBeGreaterThanOrEqual(old.events[0]?.at ?? Number.NaN);
  });

  it("CT15 a fleet that is killed comes back with its clients", async () => {
    const before = await playground.cluster();
    process.kill(before.fleet?.pid ?? 0, "SIGKILL");
    await until(
      "up again",
      () => playground.cluster(),
      ({ fleet }) => {
        return fleet?.state === "up" && fleet.pid !== before.fleet?.pid;
      },
    );
    await untilAllHeld();
  });
});

describe("clearing messages", () => {
  it("CT23 empties both patterns' rooms; clients get what is sent afterwards", async () => {
    await sendOne("long-polling", "old");
    await sendOne("web-sockets", "old");
    expect((await playground.call("POST", "/api/messages/clear")).status).toBe(200);
    for (const pattern of ["long-polling", "web-sockets"] as const) {
      const { body } = await playground.call("POST", "/api/messages", { pattern, text: "new" });
      expect(body).toMatchObject({ id: 1, text: "new" });
    }
    await untilAllHeld();
  });
});
