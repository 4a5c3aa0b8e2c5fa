/**
 * The metrics fold: every trace event in, a snapshot of the metrics out. It stands in the wire
 * process before sampling, so it counts everything, also what is never drawn. It keeps no event;
 * all it keeps is bounded, and `limits` says how full it is. The definitions are docs/spec/metrics.md.
 */
import {
  PATTERN_PREFIX,
  PATTERNS,
  type Pattern,
  TARGET,
  TARGET_REPLICA,
} from "../contracts/ids.ts";
import type { CountedSince, WireMetrics } from "../contracts/metrics.ts";
import type { TraceEvent } from "../trace/event.ts";
import type { JudgeOptions } from "./delivery-fold.ts";
import { MOST_CLIENTS } from "./observed-client.ts";
import { isInsert, PatternFold } from "./pattern-fold.ts";
import { RateWindow } from "./rate-window.ts";
import { RATE_MS } from "./tally.ts";
import { TargetFold } from "./target-fold.ts";

export interface MetricsFoldOptions extends Partial<JudgeOptions> {
  /** The wire's clock, ms. */
  now(): number;
  /** How far back latency and idle requests look. Rates look back 5 s. */
  windowMs?: number;
}

export interface SnapshotExtra {
  /** Parked polls and open sockets by replica, as the balancers count them. */
  held: Record<string, number>;
  /** Bounded structures of the wire besides the fold's own. */
  limits: WireMetrics["limits"];
}

export interface MetricsFold {
  fold(event: TraceEvent): void;
  snapshot(extra: SnapshotExtra): WireMetrics;
  reset(): void;
  /** Hops are kept from crossing, now. */
  perturb(): void;
}

const PUBLISHES = 0;
const INSERTS = 1;
const MOST_REPLICAS = 256;

export function createMetricsFold(options: MetricsFoldOptions): MetricsFold {
  const { now, windowMs = 60_000, lateAfterMs = 1_000, graceMs = 5_000, swapMs = 1_000 } = options;
  const startMs = now();
  let since: CountedSince = { at: startMs, why: "start" };
  const judge = { lateAfterMs, graceMs, swapMs };
  const patterns: Record<Pattern, PatternFold> = {
    "long-polling": new PatternFold("long-polling", windowMs, startMs, judge),
    "web-sockets": new PatternFold("web-sockets", windowMs, startMs, judge),
  };
  let target: TargetFold | undefined;
  const taps = new RateWindow(2, RATE_MS, startMs);
  const replicas = new Map<string, RateWindow>();

  function countRequest(event: TraceEvent): void {
    if (!event.to.startsWith("replica:")) return;
    const id = event.to.slice("replica:".length);
    let rate = replicas.get(id);
    if (rate === undefined) {
      if (replicas.size >= MOST_REPLICAS) return;
      rate = new RateWindow(1, RATE_MS, event.doneAt);
      replicas.set(id, rate);
    }
    rate.advance(event.doneAt);
    rate.add(0, 1);
  }

  function countAtTaps(event: TraceEvent): void {
    if (event.pattern === TARGET) return;
    const isPublish = event.kind === "redis.command" && event.info?.command === "PUBLISH";
    const isInserted = event.kind === "sql.statement" && isInsert(event);
    if (!isPublish && !isInserted) return;
    taps.advance(event.doneAt);
    taps.add(isPublish ? PUBLISHES : INSERTS, 1);
  }

  return {
    fold(event) {
      if (event.kind === "http.request") countRequest(event);
      else countAtTaps(event);
      if (event.pattern === TARGET) {
        target ??= new TargetFold(windowMs, event.at);
        target.fold(event);
      } else if (event.pattern !== undefined) patterns[event.pattern].fold(event);
    },

    snapshot({ held, limits }) {
      const at = now();
      taps.advance(at);
      // Its balancer is there before anything has crossed it.
      if (TARGET_REPLICA in held) target ??= new TargetFold(windowMs, at);
      return {
        at,
        since,
        patterns: {
          "long-polling": patterns["long-polling"].snapshot(at, heldBy(held, "long-polling")),
          "web-sockets": patterns["web-sockets"].snapshot(at, heldBy(held, "web-sockets")),
          ...(target && { [TARGET]: target.snapshot(at, held[TARGET_REPLICA] ?? 0) }),
        },
        publishesPerSecond: taps.perSecond(PUBLISHES, RATE_MS, at),
        insertsPerSecond: taps.perSecond(INSERTS, RATE_MS, at),
        replicas: replicaRates(held, replicas, at),
        limits: { ...limits, ...limitsOf(patterns, target) },
      };
    },

    perturb() {
      for (const pattern of PATTERNS) patterns[pattern].perturb(now());
    },

    reset() {
      const at = now();
      since = { at, why: "reset" };
      for (const pattern of PATTERNS) patterns[pattern].reset(at);
      target?.reset(at);
      taps.reset(at);
      replicas.clear();
    },
  };
}

function heldBy(held: Record<string, number>, pattern: Pattern): number {
  let total = 0;
  for (const [replica, count] of Object.entries(held)) {
    if (replica.startsWith(`${PATTERN_PREFIX[pattern]}-`)) total += count;
  }
  return total;
}

function replicaRates(
  held: Record<string, number>,
  rates: ReadonlyMap<string, RateWindow>,
  nowMs: number,
): WireMetrics["replicas"] {
  const ids = new Set([...Object.keys(held), ...rates.keys()]);
  const all: WireMetrics["replicas"] = {};
  for (const id of ids) {
    const rate = rates.get(id);
    rate?.advance(nowMs);
    const requestsPerSecond = rate?.perSecond(0, RATE_MS, nowMs) ?? 0;
    all[id] = { held: held[id] ?? 0, requestsPerSecond };
  }
  return all;
}

function limitsOf(
  patterns: Record<Pattern, PatternFold>,
  target: TargetFold | undefined,
): WireMetrics["limits"] {
  const limits: WireMetrics["limits"] = {};
  for (const pattern of PATTERNS) {
    const { clients, accepted } = patterns[pattern];
    limits[`${pattern} clients followed`] = { used: clients.size, limit: MOST_CLIENTS };
    limits[`${pattern} open traces`] = accepted.openTraces;
  }
  if (target) {
    limits["target clients followed"] = { used: target.clients.size, limit: MOST_CLIENTS };
  }
  return limits;
}
