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
import { JUDGING, type JudgeOptions } from "../trace/judging.ts";
import { MOST_CLIENTS } from "./observed-client.ts";
import { PatternFold } from "./pattern-fold.ts";
import { TargetFold } from "./target-fold.ts";
import { TrafficRates } from "./traffic-rates.ts";

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

export function createMetricsFold(options: MetricsFoldOptions): MetricsFold {
  const { now, windowMs = 60_000, ...judging } = options;
  const startMs = now();
  let since: CountedSince = { at: startMs, why: "start" };
  const judge = { ...JUDGING, ...judging };
  const patterns: Record<Pattern, PatternFold> = {
    "long-polling": new PatternFold("long-polling", windowMs, startMs, judge),
    "web-sockets": new PatternFold("web-sockets", windowMs, startMs, judge),
  };
  let target: TargetFold | undefined;
  const rates = new TrafficRates(startMs);

  return {
    fold(event) {
      rates.fold(event);
      if (event.pattern === TARGET) {
        target ??= new TargetFold(windowMs, event.at);
        target.fold(event);
      } else if (event.pattern !== undefined) patterns[event.pattern].fold(event);
    },

    snapshot({ held, limits }) {
      const at = now();
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
        ...rates.atTaps(at),
        replicas: rates.ofReplicas(held, at),
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
      rates.reset(at);
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
