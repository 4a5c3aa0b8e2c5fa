/** What one real playground tells of its traffic: journal, figures, recording and feed. */
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Marker, Snapshot } from "../../shared/contracts/control.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { TraceBatch, TraceEvent } from "../../shared/trace/event.ts";
import { PROCESS_TEST_MS, stopAll, TestPlayground } from "./testing/playground-process.ts";
import { until } from "./testing/until.ts";

let playground: TestPlayground;
beforeAll(async () => {
  playground = await TestPlayground.start({ args: ["--replicas", "1"] });
  await playground.call("POST", "/api/welcome");
  await until(
    "its clients",
    () => playground.get<Metrics>("/api/metrics"),
    ({ patterns }) => patterns["long-polling"].held === 3 && patterns["web-sockets"].held === 3,
  );
});
vi.setConfig({ testTimeout: PROCESS_TEST_MS, hookTimeout: PROCESS_TEST_MS });
afterAll(async () => {
  await playground?.stop();
  await stopAll();
});

const trace = (query: string) => playground.get<TraceBatch>(`/api/trace?${query}`);

const isCreated = (event: TraceEvent) =>
  event.kind === "http.response" && event.outcome === "created";

describe("what crossed the wire", () => {
  it("CT18 CT19 one message is found in the trace, and its bytes", async () => {
    const { next } = await trace("limit=10000");
    await playground.call("POST", "/api/messages", { pattern: "long-polling", text: "traced" });
    const posted = await until(
      "the POST",
      async () => (await trace(`after=${next}&limit=10000`)).events,
      (events) => events.some(isCreated),
    );
    const answer = posted.find(isCreated) as TraceEvent;
    const one = await playground.get<{ event: TraceEvent; raw: { text: string } }>(
      `/api/trace/${answer.seq}`,
    );
    expect(one.event).toEqual(answer);
    expect(one.raw.text).toContain("201 Created");
  });

  it("CT18 pages through the journal without gap or repetition", async () => {
    const all = await trace("limit=10000");
    const first = await trace("limit=3");
    const second = await trace(`after=${first.next}&limit=3`);
    const seqs = [...first.events, ...second.events].map(({ seq }) => seq);
    expect(seqs).toEqual(all.events.slice(0, 6).map(({ seq }) => seq));
    const end = await trace(`after=${all.next + 1_000_000}`);
    expect(end.events).toEqual([]);
  });

  it("CT20 as Mermaid text and as a recording", async () => {
    const mermaid = await playground.get<string>("/api/trace.mmd");
    expect(mermaid).toMatch(/^sequenceDiagram\n/);
    const lines = (await playground.get<string>("/api/recording")).trimEnd().split("\n");
    const [first, ...rest] = lines.map((line) => JSON.parse(line));
    expect(first.header).toMatchObject({ format: "realtime-playground-recording", version: 1 });
    expect(rest.some((line) => line.marker?.tone === "info")).toBe(true);
    const seqs = rest.flatMap((line) => (line.event ? [line.event.seq as number] : []));
    expect(seqs.length).toBeGreaterThan(10);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it("CT34 how full everything bounded is, in wire and control plane", async () => {
    const { limits } = await playground.get<Metrics>("/api/metrics");
    expect(Object.keys(limits)).toEqual(
      expect.arrayContaining([
        "long-polling client connections",
        "web-sockets client connections",
        "long-polling bytes kept to be read",
        "web-sockets sessions known",
        "web-sockets idle replica connections",
        "long-polling clients followed",
        "tap connections",
        "raw bytes",
        "messages joined",
        "events waiting",
        "journal events",
        "journal markers",
        "pages",
      ]),
    );
    for (const { used, limit } of Object.values(limits)) expect(used).toBeLessThanOrEqual(limit);
    expect(limits["long-polling client connections"]?.used).toBeGreaterThanOrEqual(3);
    expect(await playground.get<string>("/metrics")).toMatch(
      /playground_limit_used\{structure="journal events"\} [1-9]/,
    );
  });

  it("CT17 figures, also for Prometheus", async () => {
    const { patterns } = await playground.get<Metrics>("/api/metrics");
    expect(patterns["long-polling"].messages).toBeGreaterThanOrEqual(1);
    const text = await playground.get<string>("/metrics");
    expect(text).toContain("# TYPE playground_messages_total counter");
    expect(text).toMatch(/playground_held\{pattern="web-sockets"\} 3\n/);
    expect(text).toContain('playground_delivery_latency_ms{pattern="long-polling",quantile="0.5"}');
  });

  it("ME20 ME21 FL27 what each process costs, and what the fleet has", async () => {
    const seen = await until(
      "every process is known",
      () => playground.get<Metrics>("/api/metrics"),
      ({ processes, fleet }) =>
        Object.keys(processes).length >= 7 && fleet?.["long-polling"].connected === 3,
    );
    const kinds = Object.values(seen.processes).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(
      ["broker", "control", "fleet", "replica", "replica", "store", "wire"].sort(),
    );
    for (const { rssBytes } of Object.values(seen.processes)) {
      expect(rssBytes).toBeGreaterThan(5_000_000);
    }
    expect(seen.processes.wire?.loopLagMs).toBeGreaterThanOrEqual(0);
    expect(seen.fleet?.["web-sockets"]).toMatchObject({ wanted: 3, connected: 3 });
    await playground.call("POST", "/api/messages", { pattern: "long-polling", text: "costs" });
    const { cpuMsPerThousand } = await until(
      "the deliveries' cost",
      () => playground.get<Metrics>("/api/metrics"),
      (now) => now.cpuMsPerThousand.replicas["long-polling"] !== undefined,
    );
    expect(cpuMsPerThousand.shared.wire).toBeGreaterThanOrEqual(0);
    const text = await playground.get<string>("/metrics");
    expect(text).toMatch(/playground_process_rss_bytes\{process="lp-1",kind="replica"\} \d+/);
    expect(text).toMatch(/playground_fleet_connected\{pattern="web-sockets"\} 3\n/);
  });

  it("CT21 reset clears journal and figures; numbers go on", async () => {
    const before = await trace("limit=10000");
    await playground.call("POST", "/api/reset");
    const { patterns } = await playground.get<Metrics>("/api/metrics");
    expect(patterns["long-polling"].messages).toBe(0);
    const after = await trace("limit=10000");
    expect(after.events.every(({ seq }) => seq > before.next)).toBe(true);
    expect(after.dropped).toBe(0);
  });
});

describe("the feed", () => {
  it("CT32 tells a page the whole, then what changes, then what crosses", async () => {
    const socket = io(playground.url, { transports: ["websocket"], reconnection: false });
    const snapshots: Snapshot[] = [];
    const markers: Marker[] = [];
    const events: TraceEvent[] = [];
    socket.on("snapshot", (snapshot: Snapshot) => snapshots.push(snapshot));
    socket.on("marker", (marker: Marker) => markers.push(marker));
    socket.on("trace", (batch: TraceBatch) => events.push(...batch.events));
    await until(
      "a snapshot",
      () => snapshots.length,
      (count) => count > 0,
    );
    expect(snapshots[0]?.cluster).toMatchObject({ welcomed: true });
    await playground.call("PATCH", "/api/settings", { pollGapMs: 7 });
    await until(
      "the change",
      () => snapshots.at(-1),
      (seen) => seen?.settings.pollGapMs === 7,
    );
    await until(
      "its marker",
      () => markers,
      (seen) => seen.some(({ text }) => text.includes("Poll gap")),
    );
    await playground.call("POST", "/api/messages", { pattern: "web-sockets", text: "fed" });
    await until("the POST", () => events.some(isCreated), Boolean);
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    socket.close();
  });
});
