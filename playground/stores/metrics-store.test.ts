import { beforeEach, describe, expect, it } from "vitest";
import type { Metrics, PatternMetrics } from "../../shared/contracts/metrics.ts";
import {
  clearMetrics,
  HISTORY_MS,
  metricsStore,
  takeMarker,
  takeMetrics,
} from "./metrics-store.ts";

const NONE = { count: 0, p50: 0, p95: 0, p99: 0, max: 0 };

function pattern(change: Partial<PatternMetrics["window"]> = {}): PatternMetrics {
  return {
    requests: 0,
    polls: 0,
    idleRequests: 0,
    idleBytes: 0,
    messages: 0,
    deliveries: 0,
    late: 0,
    replayed: 0,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    perturbed: 0,
    held: 0,
    clients: 4,
    frames: 0,
    wireBytes: 0,
    payloadBytes: 0,
    latencyMs: NONE,
    window: {
      ms: 10_000,
      latencyMs: NONE,
      requestsPerSecond: 1,
      framesPerSecond: 2,
      idlePerClientMinute: 6,
      idlePerDelivery: 0,
      wireBytesPerPayloadByte: 0,
      deliveriesPerSecond: 0,
      ...change,
    },
  };
}

function metrics(at: number, change: Partial<PatternMetrics["window"]> = {}): Metrics {
  return {
    at,
    since: { at: 0, why: "start" },
    patterns: { "long-polling": pattern(change), "web-sockets": pattern() },
    publishesPerSecond: 0,
    insertsPerSecond: 0,
    replicas: {},
    limits: {},
    processes: {},
    cpuMsPerThousand: { windowMs: 0, replicas: {}, shared: {} },
  };
}

describe("the metrics' history", () => {
  beforeEach(clearMetrics);

  it("PG10 keeps one point a second, and always the newest whole snapshot", () => {
    for (const at of [1_000, 1_250, 1_500, 1_750, 2_000]) takeMetrics(metrics(at));
    expect(metricsStore.getState().history.map(({ at }) => at)).toEqual([1_000, 2_000]);
    expect(metricsStore.getState().latest?.at).toBe(2_000);
  });

  it("PG10 forgets what is older than ten minutes", () => {
    for (let at = 0; at <= HISTORY_MS + 60_000; at += 1_000) takeMetrics(metrics(at));
    const { history } = metricsStore.getState();
    expect(history[0]?.at).toBe(60_000);
    expect(history).toHaveLength(HISTORY_MS / 1_000 + 1);
  });

  it("PG10 begins anew when the wire's clock went back", () => {
    takeMetrics(metrics(90_000));
    takeMetrics(metrics(400));
    expect(metricsStore.getState().history.map(({ at }) => at)).toEqual([400]);
  });

  it("PG11 a second without deliveries has no latency, not one of 0", () => {
    takeMetrics(metrics(1_000));
    takeMetrics(metrics(2_000, { latencyMs: { count: 3, p50: 4, p95: 5, p99: 6, max: 6 } }));
    const samples = metricsStore.getState().history.map((point) => point.patterns["long-polling"]);
    expect(samples.map(({ p50 }) => p50)).toEqual([null, 4]);
    expect(samples[0]?.idlePerMinute).toBe(24);
  });

  it("PG10 keeps the newest 200 markers", () => {
    for (let at = 0; at < 250; at += 1) takeMarker({ at, text: `${at}`, tone: "info" });
    const { markers } = metricsStore.getState();
    expect(markers).toHaveLength(200);
    expect(markers.at(-1)?.at).toBe(249);
  });
});
