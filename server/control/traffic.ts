/**
 * The control plane's half of held traffic: keeps what is ordered, has the wire hold it, and makes
 * protocol time stand still or stretch with it, in replicas and virtual clients. What waits is known
 * to the wire only; this hears of it.
 */
import { explainBreakpoint } from "../../shared/hold/breakpoints.ts";
import {
  clockRateOf,
  type HoldOrder,
  type HoldState,
  NOTHING_HELD,
  NOTHING_ORDERED,
  type StepChoice,
} from "../../shared/hold/hold-state.ts";
import { Refusal } from "./refusal.ts";
import { TaskQueue } from "./task-queue.ts";
import type { Stepped, WireLink } from "./wire-link.ts";

export interface TrafficOptions {
  wire: Pick<WireLink, "state" | "hold" | "held" | "step">;
  /** Resolves once the clocks of replicas and virtual clients run at that rate. */
  setClockRate(rate: number): Promise<void>;
  mark(text: string): void;
  /** What waits has changed, or what is ordered. */
  onChange(state: HoldState): void;
}

const REFUSALS = {
  "not-held": { status: 409, words: "Traffic is not held, so nothing waits to be stepped." },
  "unknown-step": { status: 404, words: "No such hop waits. It may have gone already." },
  behind: { status: 409, words: "Something on the same connection goes before it." },
  "cannot-drop": {
    status: 409,
    words: "It cannot be left out: what follows on its connection could not be read without it.",
  },
} as const;

export class Traffic {
  readonly #options: TrafficOptions;
  readonly #changes = new TaskQueue();
  #order: HoldOrder = NOTHING_ORDERED;
  #state: HoldState = NOTHING_HELD;
  /** An order is on its way: what is heard until its answer may be older than the order. */
  #isOrdering = false;
  #wasLost = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** What is wanted, also of a wire that is yet to start. */
  get order(): HoldOrder {
    return this.#order;
  }

  /** What was last heard of the wire. */
  get last(): HoldState {
    return this.#state;
  }

  /** What waits now. */
  async state(): Promise<HoldState> {
    if (!this.#isUp) return { ...NOTHING_HELD, ...this.#order };
    return this.#options.wire.held();
  }

  /** Answered once every gate and every clock is so. */
  change(patch: Partial<HoldOrder>): Promise<HoldState> {
    return this.#changes.run(() => this.#apply({ ...this.#order, ...patch }));
  }

  async step(choice: StepChoice): Promise<Stepped & { steps: HoldState["waiting"] }> {
    const { wire } = this.#options;
    if (!this.#isUp) throw new Refusal(503, "wire-down", wire.state.note);
    const { steps, state } = await wire.step(choice);
    if (typeof steps === "string") {
      const { status, words } = REFUSALS[steps];
      throw new Refusal(status, steps, words);
    }
    return { steps, state };
  }

  /** The wire says what waits, maybe because a breakpoint was hit. */
  heard(state: HoldState): void {
    this.#state = state;
    this.#options.onChange(state);
    if (this.#isOrdering || !state.held || this.#order.held || state.hit === undefined) return;
    this.#order = { ...this.#order, held: true };
    this.#options.mark(`Traffic is held: ${explainBreakpoint(state.hit)}.`);
    void this.#changes.run(() => this.#setClocks());
  }

  /**
   * The wire went, and with it all that waited; or a new one is up. That began with the order of when
   * it was started, so it is told again.
   */
  wireIs(state: "up" | "down"): void {
    if (state === "down") {
      this.#wasLost = true;
      this.#state = { ...NOTHING_HELD, ...this.#order };
      this.#options.onChange(this.#state);
    } else if (this.#wasLost) {
      this.#wasLost = false;
      this.change({}).catch((error: unknown) =>
        this.#options.mark(`The new wire was not told what is held: ${String(error)}.`),
      );
    }
  }

  get #isUp(): boolean {
    return this.#options.wire.state.state === "up";
  }

  /** Clocks stop before hops do and start after them: nothing runs out in between. */
  async #apply(order: HoldOrder): Promise<HoldState> {
    const before = this.#order;
    const slows = clockRateOf(order) < clockRateOf(before);
    this.#order = order;
    this.#say(before, order);
    if (slows) await this.#setClocks();
    try {
      const state = await this.#ordered(order);
      // At once: what is heard while clocks are set is newer.
      this.heard(state);
      return state;
    } finally {
      // Also where the wire went meanwhile: its successor begins with this order.
      if (!slows) await this.#setClocks();
    }
  }

  async #ordered(order: HoldOrder): Promise<HoldState> {
    if (!this.#isUp) return { ...NOTHING_HELD, ...order };
    this.#isOrdering = true;
    try {
      return await this.#options.wire.hold(order);
    } finally {
      this.#isOrdering = false;
    }
  }

  #setClocks(): Promise<void> {
    return this.#options.setClockRate(clockRateOf(this.#order));
  }

  #say(before: HoldOrder, order: HoldOrder): void {
    const { mark } = this.#options;
    if (before.held !== order.held) mark(order.held ? "Traffic is held." : "Traffic flows again.");
    if (before.paceMs === order.paceMs) return;
    mark(order.paceMs === 0 ? "Full pace again." : `Pace: ${order.paceMs / 1_000} s a hop.`);
  }
}
