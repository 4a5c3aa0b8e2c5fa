/**
 * The wire process without the process: answers its parent's asks, and sends batches of events and
 * the metrics on. It owns the one recorder that all balancers and taps report to.
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import type { WireMetrics } from "../../shared/contracts/metrics.ts";
import { createMetricsFold } from "../../shared/metrics/metrics-fold.ts";
import type { ProcessUse } from "../processes/own-use.ts";
import type { FromWire, ToWire, WireAnswer, WireAsk } from "./contract.ts";
import { Joiner } from "./joiner.ts";
import { RAW_LIMIT_BYTES, RawStore } from "./raw-store.ts";
import { rawHop } from "./raw-words.ts";
import { WireRecorder } from "./recorder.ts";
import { Sampler } from "./sampler.ts";
import { WireGate } from "./wire-gate.ts";
import { Wiring } from "./wiring.ts";

const BATCH_EVERY_MS = 40;
const METRICS_EVERY_MS = 500;
const STATE_EVERY_MS = 100;
/** Batches on their way to a parent that has not taken them yet. */
const MAX_BATCHES_UNDERWAY = 4;

export interface WireProcessOptions {
  clock: Clock;
  /** 0 … 1. */
  random(): number;
  /** Sends to the parent; calls `taken` when it has been handed over. */
  send(said: FromWire, taken: () => void): void;
  log(words: string): void;
  /** What this process uses; each call is a reading. */
  use(): ProcessUse;
}

export class WireProcess {
  readonly #options: WireProcessOptions;
  readonly #joiner = new Joiner();
  readonly #rawStore = new RawStore();
  readonly #sampler = new Sampler();
  readonly #metrics;
  readonly #recorder: WireRecorder;
  readonly #gate: WireGate;
  readonly #wiring: Wiring;
  readonly #timers = new Set<Timer>();
  #hasBegun = false;
  #batchesUnderway = 0;
  #metricsUnderway = false;
  #troubles = 0;

  constructor(options: WireProcessOptions) {
    const { clock, log } = options;
    this.#options = options;
    const now = (): number => clock.now();
    this.#metrics = createMetricsFold({ now });
    this.#gate = new WireGate({
      clock,
      random: options.random,
      onCut: (cutting) => this.#wiring.cut(cutting),
    });
    this.#recorder = new WireRecorder({
      now,
      joiner: this.#joiner,
      sampler: this.#sampler,
      rawStore: this.#rawStore,
      fold: (event) => {
        this.#metrics.fold(event);
        this.#gate.traffic.saw(event);
      },
      onTrouble: (error) => this.#trouble(error),
    });
    this.#wiring = new Wiring({
      recorder: this.#recorder,
      gate: this.#gate,
      protocolNow: () => this.#gate.traffic.protocolNow(),
      log,
    });
    this.#every(BATCH_EVERY_MS, () => this.#sendBatch());
    this.#every(METRICS_EVERY_MS, () => this.#sendMetrics());
    this.#every(STATE_EVERY_MS, () => this.#sendState());
  }

  async take(asked: ToWire): Promise<void> {
    const { ask } = asked;
    try {
      this.#send({ type: "answer", ask, answer: await this.#answer(asked) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#send({ type: "refused", ask, message });
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#gate.close();
    await this.#wiring.close();
  }

  async #answer(asked: WireAsk): Promise<WireAnswer> {
    const { traffic, faults } = this.#gate;
    switch (asked.type) {
      case "configure":
        // Later ones may be older than a breakpoint that has been hit since.
        if (!this.#hasBegun) {
          traffic.obey(asked.config.hold);
          faults.obey(asked.config.faults);
        }
        this.#hasBegun = true;
        await this.#wiring.configure(asked.config);
        return { type: "configured" };
      case "hold":
        traffic.obey(asked.order);
        return { type: "held", state: traffic.state() };
      case "held":
        return { type: "held", state: traffic.state() };
      case "step": {
        const steps = traffic.step(asked.choice);
        return { type: "stepped", steps, state: traffic.state() };
      }
      case "faults":
        faults.obey(asked.orders);
        return { type: "faults", reach: faults.reach() };
      case "metrics":
        return { type: "metrics", metrics: this.#snapshot() };
      case "raw": {
        const raw = this.#rawStore.get(asked.seq);
        return { type: "raw", raw: raw ? rawHop(asked.seq, raw) : null };
      }
      case "reset":
        this.#recorder.takeBatch();
        this.#metrics.reset();
        this.#rawStore.clear();
        return { type: "reset" };
      default:
        return unknown(asked);
    }
  }

  #snapshot(): WireMetrics {
    if (this.#gate.traffic.perturbs) this.#metrics.perturb();
    const { messages, traces } = this.#joiner;
    return this.#metrics.snapshot({
      held: this.#wiring.held(),
      limits: {
        "raw bytes": { used: this.#rawStore.usedBytes, limit: RAW_LIMIT_BYTES },
        "messages joined": { used: messages.size, limit: messages.limit },
        "traces joined": { used: traces.size, limit: traces.limit },
        "events waiting": { used: this.#recorder.waiting, limit: this.#sampler.batchLimit },
        "batches on their way": { used: this.#batchesUnderway, limit: MAX_BATCHES_UNDERWAY },
        ...this.#wiring.limits(),
      },
    });
  }

  #sendBatch(): void {
    if (this.#batchesUnderway >= MAX_BATCHES_UNDERWAY) return;
    const batch = this.#recorder.takeBatch();
    if (!batch) return;
    this.#batchesUnderway += 1;
    this.#send({ type: "events", ...batch, now: this.#options.clock.now() }, () => {
      this.#batchesUnderway -= 1;
    });
  }

  #sendMetrics(): void {
    if (this.#metricsUnderway) return;
    this.#metricsUnderway = true;
    const use = this.#options.use();
    this.#send({ type: "metrics", metrics: this.#snapshot(), use }, () => {
      this.#metricsUnderway = false;
    });
  }

  #sendState(): void {
    const { traffic, faults } = this.#gate;
    if (traffic.takeChanged()) this.#send({ type: "held", state: traffic.state() });
    if (faults.takeChanged()) this.#send({ type: "faults", reach: faults.reach() });
  }

  #send(said: FromWire, taken: () => void = () => undefined): void {
    this.#options.send(said, taken);
  }

  #every(ms: number, act: () => void): void {
    let timer: Timer | undefined;
    const again = (): void => {
      if (timer) this.#timers.delete(timer);
      timer = this.#options.clock.after(ms, () => {
        again();
        act();
      });
      this.#timers.add(timer);
    };
    again();
  }

  /** A fold that fails does so again and again: the first few times are told. */
  #trouble(error: unknown): void {
    this.#troubles += 1;
    if (this.#troubles > 10) return;
    this.#options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function unknown(asked: never): never {
  throw new Error(`the wire does not understand ${JSON.stringify(asked)}`);
}
