/**
 * Holds the traffic of all balancers and taps of this wire, and lets it through hop by hop, as a pace
 * or by hand. It stands between a unit and its forwarding, as the first stage of their one gate, and
 * knows neither sockets nor protocols: what may overtake what is the waiting list's affair.
 *
 * What sets connections up or keeps them alive is never held (HD2), for native timers at both ends
 * would end them.
 */
import { BoundedMap } from "../../../shared/bounded-map.ts";
import { type Clock, ProtocolClock, type Timer } from "../../../shared/clock.ts";
import type { MessageKey } from "../../../shared/contracts/ids.ts";
import { hitAfter, hitBy } from "../../../shared/hold/breakpoints.ts";
import {
  type Breakpoint,
  clockRateOf,
  type HoldOrder,
  type HoldState,
  NOTHING_ORDERED,
  type StepChoice,
  type WaitingStep,
} from "../../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import type { StepRefusal } from "../contract.ts";
import type { Admitted, Lane, Stage } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";
import { WaitingList } from "./waiting-list.ts";

const MOST_SHOWN = 200;
const KNOWN_CLIENTS = 20_000;
const KNOWN_MESSAGES = 2_000;

export class TrafficControl implements Stage {
  readonly #clock: Clock;
  readonly #protocolClock: ProtocolClock;
  readonly #onOpen: () => void;
  readonly #list = new WaitingList();
  /** Trace ids of messages, as far as a waiting hop showed both. */
  readonly #traces = new BoundedMap<MessageKey, string>(KNOWN_MESSAGES);
  readonly #seen = new BoundedMap<string, true>(KNOWN_CLIENTS);
  #order: HoldOrder = NOTHING_ORDERED;
  #isOpen = true;
  #hit: Breakpoint | undefined;
  #autoStep: Timer | undefined;
  #due: Timer | undefined;
  #hasChanged = false;

  /** `onOpen`: it keeps nothing any more, and will not. */
  constructor(clock: Clock, onOpen: () => void = () => undefined) {
    this.#clock = clock;
    this.#protocolClock = new ProtocolClock(clock);
    this.#onOpen = onOpen;
  }

  /** Ms of protocol time: stands still while traffic is held, and runs slower along with its pace. */
  protocolNow(): number {
    return this.#protocolClock.now();
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  get isHeld(): boolean {
    return this.#order.held;
  }

  /** Some hop crosses later than it came, or might. */
  get perturbs(): boolean {
    return this.#order.held || this.#order.paceMs > 0;
  }

  admit(admitted: Admitted): void {
    const { hop } = admitted;
    if (hop === undefined || hop.info?.setup === true || hop.info?.heartbeat === true) {
      if (this.#list.mayOvertake(admitted)) admitted.release();
      else this.#list.follow(admitted);
      return;
    }
    const { from, to } = admitted;
    if (!this.#order.held) this.#hold(hitBy({ ...hop, from, to }, this.#order.breakpoints));
    const { held, paceMs } = this.#order;
    if (!held && paceMs === 0) {
      admitted.release();
      return;
    }
    this.#learn(hop);
    const at = this.#clock.now();
    this.#list.add({ ...admitted, hop }, at, held ? undefined : at + paceMs);
    this.#hasChanged = true;
    if (!held) this.#armDue();
  }

  leave(lane: Lane): void {
    const before = this.#list.size;
    this.#list.leave(lane);
    if (this.#list.size !== before) this.#hasChanged = true;
  }

  /** From now on. What waits and is no longer to be held goes, in order. */
  obey(order: HoldOrder): void {
    if (!order.held || !this.#order.held) this.#hit = undefined;
    this.#order = order;
    this.#protocolClock.setRate(clockRateOf(order));
    this.#hasChanged = true;
    const { held, paceMs, autoStepMs, breakpoints } = order;
    this.#autoStep?.cancel();
    this.#due?.cancel();
    this.#list.setDue(held || paceMs === 0 ? undefined : this.#clock.now() + paceMs);
    if (held) {
      this.#isOpen = false;
      if (autoStepMs > 0) this.#armAutoStep(autoStepMs);
    } else if (paceMs > 0) {
      this.#isOpen = false;
      this.#armDue();
    } else this.#letAllGo(breakpoints.length === 0);
  }

  /** Lets steps through, or drops one. */
  step(choice: StepChoice): WaitingStep[] | StepRefusal {
    if (!this.#order.held) return "not-held";
    if ("id" in choice) return this.#stepOne(choice.id, choice.drop === true);
    if ("message" in choice) {
      const next = this.#list.oldest((step) => this.#carries(step, choice.message));
      return next ? this.#go(next) : [];
    }
    const gone: WaitingStep[] = [];
    while (gone.length < choice.count) {
      const next = this.#list.oldest();
      if (next === undefined) break;
      gone.push(...this.#go(next));
    }
    return gone;
  }

  /** An event was recorded: some breakpoints look at what has happened. */
  saw(event: TraceEvent): void {
    const { held, breakpoints } = this.#order;
    const isOpening = event.kind === "socket.open" && event.from.startsWith("client:");
    if (!held && breakpoints.length > 0) {
      const isBack = (): boolean => isOpening && this.#seen.get(event.from) === true;
      this.#hold(hitAfter(event, breakpoints, { isBack }));
    }
    if (isOpening) this.#seen.set(event.from, true);
  }

  state(): HoldState {
    let full = 0;
    for (const lane of this.#list.lanes()) if (lane.isFull === true) full += 1;
    return {
      ...this.#order,
      waiting: this.#list.first(MOST_SHOWN),
      steps: this.#list.size,
      full,
      ...(this.#hit && { hit: this.#hit }),
    };
  }

  /** Whether the state is another one than when this was last asked. */
  takeChanged(): boolean {
    const has = this.#hasChanged;
    this.#hasChanged = false;
    return has;
  }

  close(): void {
    this.#autoStep?.cancel();
    this.#due?.cancel();
  }

  #hold(hit: Breakpoint | undefined): void {
    if (hit === undefined) return;
    this.obey({ ...this.#order, held: true });
    this.#hit = hit;
  }

  #stepOne(id: number, drops: boolean): WaitingStep[] | StepRefusal {
    const step = this.#list.find(id);
    if (step === undefined) return "unknown-step";
    if (step.isBehind) return "behind";
    if (!drops) return this.#go(step);
    if (step.drop === undefined) return "cannot-drop";
    this.#list.drop(id);
    this.#hasChanged = true;
    return [step];
  }

  #go(step: WaitingStep): WaitingStep[] {
    this.#list.release(step.id);
    this.#hasChanged = true;
    return [step];
  }

  /** What comes while they go is not held any more, and finds its lane free. */
  #letAllGo(opens: boolean): void {
    for (let next = this.#list.oldest(); next; next = this.#list.oldest()) this.#go(next);
    this.#isOpen = opens;
    if (opens) this.#onOpen();
  }

  #armAutoStep(everyMs: number): void {
    this.#autoStep = this.#clock.after(everyMs, () => {
      this.step({ count: 1 });
      this.#armAutoStep(everyMs);
    });
  }

  #armDue(): void {
    this.#due?.cancel();
    const dueAt = this.#list.nextDueAt;
    if (dueAt === undefined) return;
    this.#due = this.#clock.after(Math.max(0, dueAt - this.#clock.now()), () => {
      const isDue = (step: WaitingStep): boolean =>
        step.dueAt !== undefined && step.dueAt <= this.#clock.now();
      for (let next = this.#list.oldest(isDue); next; next = this.#list.oldest(isDue)) {
        this.#go(next);
      }
      this.#armDue();
    });
  }

  #learn({ traceId, messageIds }: HopDraft): void {
    const [only, second] = messageIds ?? [];
    if (traceId !== undefined && only !== undefined && second === undefined) {
      this.#traces.set(only, traceId);
    }
  }

  #carries({ traceId, messageIds = [] }: WaitingStep, message: string): boolean {
    const [only] = messageIds;
    const trace = traceId ?? (only === undefined ? undefined : this.#traces.get(only));
    const wanted = this.#traces.get(message as MessageKey) ?? message;
    return messageIds.includes(message as MessageKey) || trace === wanted;
  }
}
