/**
 * The control plane's end of the wire process: states the desired taps and balancers, takes events
 * and metrics, asks for raw bytes. See server/wire/contract.ts for what may be said.
 */
import type { ChildProcess } from "node:child_process";
import type { Clock } from "../../shared/clock.ts";
import type { ProcessState } from "../../shared/contracts/control.ts";
import type { WireMetrics } from "../../shared/contracts/metrics.ts";
import type { FaultOrder, FaultReach } from "../../shared/faults/fault-state.ts";
import type {
  HoldOrder,
  HoldState,
  StepChoice,
  WaitingStep,
} from "../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { ProcessUse } from "../processes/own-use.ts";
import type {
  FromWire,
  RawHop,
  StepRefusal,
  WireAnswer,
  WireAsk,
  WireConfig,
} from "../wire/contract.ts";
import { SteeredProcess, type SteeredState } from "./steered-process.ts";
import { WireEpoch } from "./wire-epoch.ts";

export interface WireLinkOptions {
  fork(): ChildProcess;
  clock: Clock;
  /** Ms since the epoch. */
  wallMs(): number;
  desired(): WireConfig;
  onEvents(events: TraceEvent[], dropped: number, now: number): void;
  /** `use`: what the wire process itself uses. */
  onHeld(state: HoldState): void;
  onFaults(reach: FaultReach[]): void;
  onMetrics(metrics: WireMetrics, use: ProcessUse): void;
  onState(state: SteeredState): void;
}

/** The steps that went, or why none did, and what waits now. */
export interface Stepped {
  steps: WaitingStep[] | StepRefusal;
  state: HoldState;
}

type Started = Extract<FromWire, { type: "started" }>;

export class WireLink {
  readonly #options: WireLinkOptions;
  readonly #epoch = new WireEpoch();
  readonly #process: SteeredProcess<WireAsk, WireAnswer, Started>;

  constructor(options: WireLinkOptions) {
    this.#options = options;
    this.#process = new SteeredProcess({
      name: "wire",
      fork: options.fork,
      clock: options.clock,
      started: (heard) => {
        const said = heard as FromWire;
        return said.type === "started" ? said : undefined;
      },
      configureAsk: () => ({ type: "configure", config: options.desired() }),
      onStarted: ({ offsetMs }) => this.#epoch.begin(offsetMs),
      onSaid: (said) => this.#take(said as FromWire),
      onState: options.onState,
    });
  }

  get state(): SteeredState {
    return this.#process.state;
  }

  get process(): ProcessState {
    const { state, pid } = this.#process;
    return { ...state, ...(pid !== undefined && { pid }) };
  }

  /** The wire's clock now, ms. */
  now(): number {
    return this.#epoch.at(this.#options.wallMs());
  }

  /** Add to a wire time to get ms since the epoch. */
  get offsetMs(): number {
    return this.#epoch.originMs;
  }

  start(): Promise<void> {
    return this.#process.start();
  }

  /** Resolves once the wire is as `desired()` says. */
  steer(): Promise<void> {
    return this.#process.steer();
  }

  async metrics(): Promise<WireMetrics> {
    const answer = await this.#process.ask({ type: "metrics" });
    if (answer.type !== "metrics") throw new Error(`The wire answered ${answer.type}.`);
    return this.#epoch.metrics(answer.metrics);
  }

  /** The bytes of one hop; null when they are no longer kept. */
  async raw(seq: number): Promise<RawHop | null> {
    const own = this.#epoch.own(seq);
    if (own === undefined) return null;
    const answer = await this.#process.ask({ type: "raw", seq: own });
    return answer.type === "raw" && answer.raw !== null ? { ...answer.raw, seq } : null;
  }

  /** Resolves once all gates are as ordered. */
  async hold(order: HoldOrder): Promise<HoldState> {
    return this.#heldIn(await this.#process.ask({ type: "hold", order }));
  }

  /** What waits now. */
  async held(): Promise<HoldState> {
    return this.#heldIn(await this.#process.ask({ type: "held" }));
  }

  /** Resolves once these are all that is done to links. */
  async setFaults(orders: FaultOrder[]): Promise<FaultReach[]> {
    const answer = await this.#process.ask({ type: "faults", orders });
    if (answer.type !== "faults") throw new Error(`The wire answered ${answer.type}.`);
    return answer.reach;
  }

  async step(choice: StepChoice): Promise<Stepped> {
    const answer = await this.#process.ask({ type: "step", choice });
    if (answer.type !== "stepped") throw new Error(`The wire answered ${answer.type}.`);
    const { steps, state } = answer;
    const gone = typeof steps === "string" ? steps : steps.map((step) => this.#stepTimed(step));
    return { steps: gone, state: this.#stateTimed(state) };
  }

  async reset(): Promise<void> {
    await this.#process.ask({ type: "reset" });
  }

  stop(withinMs: number): Promise<void> {
    return this.#process.stop(withinMs);
  }

  kill(): void {
    this.#process.kill();
  }

  #take(said: FromWire): void {
    const { onEvents, onMetrics, onHeld, onFaults } = this.#options;
    if (said.type === "events") {
      const events = said.events.map((event) => this.#epoch.event(event));
      onEvents(events, said.dropped, this.#epoch.time(said.now));
    } else if (said.type === "held") {
      onHeld(this.#stateTimed(said.state));
    } else if (said.type === "faults") {
      onFaults(said.reach);
    } else if (said.type === "metrics") {
      onMetrics(this.#epoch.metrics(said.metrics), said.use);
    }
  }

  #heldIn(answer: WireAnswer): HoldState {
    if (answer.type !== "held") throw new Error(`The wire answered ${answer.type}.`);
    return this.#stateTimed(answer.state);
  }

  #stateTimed(state: HoldState): HoldState {
    return { ...state, waiting: state.waiting.map((step) => this.#stepTimed(step)) };
  }

  #stepTimed(step: WaitingStep): WaitingStep {
    const { at, dueAt } = step;
    return {
      ...step,
      at: this.#epoch.time(at),
      ...(dueAt !== undefined && { dueAt: this.#epoch.time(dueAt) }),
    };
  }
}
