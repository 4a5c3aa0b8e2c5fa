/**
 * Gathers what each process uses, once a second, and completes the wire's metrics with it: the
 * control plane of itself, wire and fleet by their reports, replicas by their health checks, broker
 * and store, where they are ours, from the system.
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { FleetFigures, Metrics, WireMetrics } from "../../shared/contracts/metrics.ts";
import { type ProcessUse, watchOwnUse } from "../processes/own-use.ts";
import { ProcessCosts, type Reported } from "./process-costs.ts";
import type { Replica } from "./replica.ts";
import type { Parts } from "./running-part.ts";
import { readUse } from "./system-use.ts";

const EVERY_MS = 1_000;

export interface CostWatchOptions {
  clock: Clock;
  parts: Parts;
  replicas(): readonly Replica[];
  /** How full is what this process keeps: shown beside the wire's own limits. */
  limits(): Metrics["limits"];
}

export class CostWatch {
  readonly #options: CostWatchOptions;
  readonly #costs = new ProcessCosts();
  readonly #readOwn = watchOwnUse();
  #fleet: Record<Pattern, FleetFigures> | undefined;
  #wireLimits: Metrics["limits"] = {};
  #timer: Timer | undefined;
  #rounds = 0;

  constructor(options: CostWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.after(EVERY_MS, () => {
      this.start();
      void this.#round();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  reset(): void {
    this.#costs.reset();
  }

  reported(kind: "wire" | "fleet", pid: number | undefined, use: ProcessUse): void {
    this.#report({ name: kind, kind, ...(pid !== undefined && { pid }), ...use });
  }

  fleetFigures(figures: Record<Pattern, FleetFigures> | undefined): void {
    this.#fleet = figures;
  }

  /** How full is what the wire keeps, as it said last. */
  get limits(): Metrics["limits"] {
    return this.#wireLimits;
  }

  completed(metrics: WireMetrics): Metrics {
    const nowMs = this.#options.clock.now();
    for (const pattern of PATTERNS) {
      this.#costs.delivered(pattern, metrics.patterns[pattern].deliveries);
    }
    this.#costs.advance(nowMs);
    this.#wireLimits = metrics.limits;
    return {
      ...metrics,
      limits: { ...metrics.limits, ...this.#options.limits() },
      processes: this.#costs.processes(nowMs),
      cpuMsPerThousand: this.#costs.perThousandDeliveries(nowMs),
      ...(this.#fleet && { fleet: this.#fleet }),
    };
  }

  async #round(): Promise<void> {
    this.#report({ name: "control", kind: "control", pid: process.pid, ...this.#readOwn() });
    for (const { id, pattern, use } of this.#options.replicas()) {
      if (use === undefined) continue;
      const { pid, stats, atMs } = use;
      const { cpuMs, rssBytes, loopLagMs } = stats;
      this.#costs.report(
        { name: id, kind: "replica", pattern, pid, cpuMs, rssBytes, loopLagMs },
        atMs,
      );
    }
    this.#rounds += 1;
    // Postgres may have hundreds of processes: they are looked at every other time.
    if (this.#rounds % 2 === 0) await Promise.all([this.#look("broker"), this.#look("store")]);
  }

  async #look(kind: "broker" | "store"): Promise<void> {
    const { pid } = this.#options.parts[kind];
    const use = pid === undefined ? undefined : await readUse(pid);
    if (use !== undefined && pid !== undefined) this.#report({ name: kind, kind, pid, ...use });
  }

  #report(reported: Reported): void {
    this.#costs.report(reported, this.#options.clock.now());
  }
}
