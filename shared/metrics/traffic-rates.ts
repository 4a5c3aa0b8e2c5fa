/**
 * Rates over the last 5 s, of no pattern: publishes and inserts at the taps of broker and store, and
 * requests at each replica. The target's own commands are not the cluster's (rule TG13).
 */
import { TARGET } from "../contracts/ids.ts";
import type { WireMetrics } from "../contracts/metrics.ts";
import type { TraceEvent } from "../trace/event.ts";
import { isInsert } from "./pattern-fold.ts";
import { RateWindow } from "./rate-window.ts";
import { RATE_MS } from "./tally.ts";

const PUBLISHES = 0;
const INSERTS = 1;
const MOST_REPLICAS = 256;

export class TrafficRates {
  readonly #taps: RateWindow;
  readonly #replicas = new Map<string, RateWindow>();

  constructor(nowMs: number) {
    this.#taps = new RateWindow(2, RATE_MS, nowMs);
  }

  fold(event: TraceEvent): void {
    if (event.kind === "http.request") this.#countRequest(event);
    else this.#countAtTaps(event);
  }

  /** Publishes and inserts, per second. */
  atTaps(nowMs: number): Pick<WireMetrics, "publishesPerSecond" | "insertsPerSecond"> {
    this.#taps.advance(nowMs);
    return {
      publishesPerSecond: this.#taps.perSecond(PUBLISHES, RATE_MS, nowMs),
      insertsPerSecond: this.#taps.perSecond(INSERTS, RATE_MS, nowMs),
    };
  }

  /** Of each replica that holds something or was asked lately; `held` as its balancer counts it. */
  ofReplicas(held: Readonly<Record<string, number>>, nowMs: number): WireMetrics["replicas"] {
    const all: WireMetrics["replicas"] = {};
    for (const id of new Set([...Object.keys(held), ...this.#replicas.keys()])) {
      const rate = this.#replicas.get(id);
      rate?.advance(nowMs);
      const requestsPerSecond = rate?.perSecond(0, RATE_MS, nowMs) ?? 0;
      all[id] = { held: held[id] ?? 0, requestsPerSecond };
    }
    return all;
  }

  reset(nowMs: number): void {
    this.#taps.reset(nowMs);
    this.#replicas.clear();
  }

  #countRequest(event: TraceEvent): void {
    if (!event.to.startsWith("replica:")) return;
    const id = event.to.slice("replica:".length);
    let rate = this.#replicas.get(id);
    if (rate === undefined) {
      if (this.#replicas.size >= MOST_REPLICAS) return;
      rate = new RateWindow(1, RATE_MS, event.doneAt);
      this.#replicas.set(id, rate);
    }
    rate.advance(event.doneAt);
    rate.add(0, 1);
  }

  #countAtTaps(event: TraceEvent): void {
    if (event.pattern === TARGET) return;
    const isPublish = event.kind === "redis.command" && event.info?.command === "PUBLISH";
    const isInserted = event.kind === "sql.statement" && isInsert(event);
    if (!isPublish && !isInserted) return;
    this.#taps.advance(event.doneAt);
    this.#taps.add(isPublish ? PUBLISHES : INSERTS, 1);
  }
}
