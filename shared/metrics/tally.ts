/**
 * The counts of one pattern: totals since reset, and the same per second for windows.
 * Only counting; what counts as what is decided by the folds that call it.
 */
import type { PatternMetrics } from "../contracts/metrics.ts";
import { RateWindow } from "./rate-window.ts";

export type Totals = Pick<
  PatternMetrics,
  | "requests"
  | "polls"
  | "idleRequests"
  | "idleBytes"
  | "messages"
  | "deliveries"
  | "late"
  | "replayed"
  | "lost"
  | "duplicates"
  | "outOfOrder"
  | "perturbed"
  | "frames"
  | "wireBytes"
  | "payloadBytes"
>;

/** What is also counted by the second. */
const WINDOWED = {
  requests: 0,
  frames: 1,
  deliveries: 2,
  idleRequests: 3,
  wireBytes: 4,
  payloadBytes: 5,
} as const;
const CLIENT_SECONDS = 6;

/** Rates answer quickly; idle requests and latency need at least a poll timeout to show. */
export const RATE_MS = 5_000;

export class Tally {
  readonly totals: Totals = zero();
  readonly #rates: RateWindow;
  readonly #windowMs: number;
  #second: number;

  constructor(windowMs: number, nowMs: number) {
    this.#windowMs = windowMs;
    this.#rates = new RateWindow(CLIENT_SECONDS + 1, windowMs, nowMs);
    this.#second = Math.floor(nowMs / 1_000);
  }

  /** Moves time on; the clients present since the last second are counted as client-seconds. */
  advance(nowMs: number, clients: number): void {
    const second = Math.floor(nowMs / 1_000);
    if (second <= this.#second) return;
    const passed = Math.min(second - this.#second, this.#windowMs / 1_000);
    this.#second = second;
    this.#rates.advance(nowMs);
    this.#rates.add(CLIENT_SECONDS, clients * passed);
  }

  count(what: keyof Totals, amount = 1): void {
    this.totals[what] += amount;
    if (what in WINDOWED) this.#rates.add(WINDOWED[what as keyof typeof WINDOWED], amount);
  }

  window(nowMs: number): Omit<PatternMetrics["window"], "latencyMs"> {
    const over = (what: keyof typeof WINDOWED) => this.#rates.sum(WINDOWED[what], this.#windowMs);
    const perSecond = (what: keyof typeof WINDOWED) =>
      this.#rates.perSecond(WINDOWED[what], RATE_MS, nowMs);
    const clientMinutes = this.#rates.sum(CLIENT_SECONDS, this.#windowMs) / 60;
    const payload = over("payloadBytes");
    return {
      ms: this.#rates.coveredMs(this.#windowMs, nowMs),
      requestsPerSecond: perSecond("requests"),
      framesPerSecond: perSecond("frames"),
      deliveriesPerSecond: perSecond("deliveries"),
      idlePerClientMinute: clientMinutes > 0 ? over("idleRequests") / clientMinutes : 0,
      idlePerDelivery: over("idleRequests") / Math.max(1, over("deliveries")),
      wireBytesPerPayloadByte: payload > 0 ? over("wireBytes") / payload : 0,
    };
  }

  reset(nowMs: number): void {
    Object.assign(this.totals, zero());
    this.#rates.reset(nowMs);
  }
}

function zero(): Totals {
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
    frames: 0,
    wireBytes: 0,
    payloadBytes: 0,
  };
}
