/**
 * The faults in force: adds and heals them, has the wire do those of links and does those of parts
 * itself, and ends what is over. How far a fault has reached is known to the wire only; this hears
 * of it, and tells a wire that starts anew.
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import type { Marker } from "../../shared/contracts/control.ts";
import { TARGET_REPLICA } from "../../shared/contracts/ids.ts";
import type {
  FaultOrder,
  FaultReach,
  FaultState,
  FaultView,
  PastFault,
} from "../../shared/faults/fault-state.ts";
import { explainFault, type Fault, faultRefusal, isLinkFault } from "../../shared/faults/faults.ts";
import { actingOf, type PartHands } from "./part-faults.ts";
import { Refusal } from "./refusal.ts";
import { TaskQueue } from "./task-queue.ts";
import type { WireLink } from "./wire-link.ts";

const MOST_FAULTS = 64;
const MOST_PAST = 50;

export interface FaultsOptions {
  wire: Pick<WireLink, "state" | "setFaults" | "now">;
  hands: PartHands;
  /** Somebody else's server is watched. */
  hasTarget: boolean;
  /** What settings order besides: nobody heals those but who sets them. */
  standing(): FaultOrder[];
  clock: Clock;
  mark(text: string, tone: Marker["tone"]): void;
  onChange(state: FaultState): void;
}

interface InForce {
  id: string;
  fault: Fault;
  since: number;
  touched: number;
  waiting: number;
  timer?: Timer;
}

export class Faults {
  readonly #options: FaultsOptions;
  /** One after another: what is healed is not begun at the same time. */
  readonly #changes = new TaskQueue();
  readonly #inForce = new Map<string, InForce>();
  #past: PastFault[] = [];
  #ids = 0;

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** What the wire is to do, also one that is yet to start. */
  get orders(): FaultOrder[] {
    const added = [...this.#inForce.values()].flatMap(({ id, fault, touched }) =>
      isLinkFault(fault) ? [{ id, fault, touched }] : [],
    );
    return [...this.#options.standing(), ...added];
  }

  /** Resolves once the wire does what now stands by settings. */
  settle(): Promise<void> {
    return this.#changes.run(() => this.#tellWire());
  }

  get state(): FaultState {
    return { faults: [...this.#inForce.values()].map(viewOf), past: this.#past };
  }

  /** Answered once it is in force; what is an act is done by then, and over. */
  add(fault: Fault): Promise<FaultView> {
    return this.#changes.run(() => this.#begin(fault));
  }

  heal(id: string): Promise<void> {
    return this.#changes.run(async () => {
      const one = this.#inForce.get(id);
      if (one === undefined) {
        throw new Refusal(
          404,
          "unknown-fault",
          `There is no fault “${id}”. It may be healed already.`,
        );
      }
      await this.#end([one], "Healed");
    });
  }

  /** Answers how many there were. */
  healAll(): Promise<number> {
    return this.#changes.run(async () => {
      const all = [...this.#inForce.values()];
      await this.#end(all, "Healed");
      return all.length;
    });
  }

  /** How far they have reached: those that were to touch only so many may be over. */
  heard(reach: readonly FaultReach[]): void {
    const spent: InForce[] = [];
    for (const { id, touched, waiting, isSpent } of reach) {
      const one = this.#inForce.get(id);
      if (one === undefined) continue;
      Object.assign(one, { touched, waiting });
      if (isSpent) spent.push(one);
    }
    if (spent.length > 0) this.#endLater(spent, "Over");
    this.#changed();
  }

  /** Looks for what somebody else has ended: a frozen replica that was thawed. */
  check(): void {
    const { hands } = this.#options;
    const over = [...this.#inForce.values()].filter(
      ({ fault }) => !isLinkFault(fault) && actingOf(fault.kind).isOver?.(fault, hands) === true,
    );
    for (const one of over) this.#close(one, "Over");
    if (over.length > 0) this.#changed();
  }

  /** A new wire began with the faults of when it was started: it is told again. */
  wireIsUp(): void {
    this.#changes
      .run(() => this.#tellWire())
      .catch((error: unknown) =>
        this.#options.mark(`The new wire was not told of faults: ${String(error)}.`, "bad"),
      );
  }

  /** The trace begins anew: what was over before is in it no more. */
  forgetPast(): void {
    this.#past = [];
    this.#changed();
  }

  /** At the very end: nothing is begun or ended any more. */
  stop(): void {
    for (const { timer } of this.#inForce.values()) timer?.cancel();
  }

  async #begin(fault: Fault): Promise<FaultView> {
    this.#assertCan(fault);
    const { wire, hands, clock, mark } = this.#options;
    const id = `fault-${++this.#ids}`;
    const one: InForce = { id, fault, since: wire.now(), touched: 0, waiting: 0 };
    const acting = isLinkFault(fault) ? undefined : actingOf(fault.kind);
    if (!isLinkFault(fault)) await acting?.begin(fault, hands);
    this.#inForce.set(id, one);
    if (acting === undefined) {
      await this.#tellWire().catch((error: unknown) => {
        this.#inForce.delete(id); // It is not in force.
        throw error;
      });
    }
    mark(`Fault: ${explainFault(fault)}.`, "warn");
    if (acting !== undefined && acting.heal === undefined) this.#close(one, undefined);
    const forMs = "forMs" in fault ? fault.forMs : undefined;
    if (forMs !== undefined) one.timer = clock.after(forMs, () => this.#endLater([one], "Over"));
    this.#changed();
    return viewOf(one);
  }

  #assertCan(fault: Fault): void {
    const refusal = faultRefusal(fault);
    if (refusal !== undefined) throw new Refusal(400, "bad-fault", refusal);
    for (const end of isLinkFault(fault) ? [fault.link.from, fault.link.to] : [fault.target]) {
      const id = /^replica:([^*]+)$/.exec(end)?.[1];
      if (id !== undefined) this.#assertKnown(id);
    }
    if (this.#inForce.size >= MOST_FAULTS) {
      const words = `There are ${MOST_FAULTS} faults already, as many as can be. Heal some first.`;
      throw new Refusal(409, "too-many-faults", words);
    }
  }

  #assertKnown(id: string): void {
    const { hands, hasTarget } = this.#options;
    if (id !== TARGET_REPLICA || !hasTarget) hands.replicas.find(id);
  }

  #endLater(some: readonly InForce[], why: "Over"): void {
    this.#changes
      .run(() => this.#end(some, why))
      .catch((error: unknown) =>
        this.#options.mark(`A fault did not end: ${String(error)}.`, "bad"),
      );
  }

  async #end(some: readonly InForce[], why: "Healed" | "Over"): Promise<void> {
    const { hands } = this.#options;
    const ending = some.filter((one) => this.#inForce.get(one.id) === one);
    for (const one of ending) this.#close(one, why);
    if (ending.some(({ fault }) => isLinkFault(fault))) await this.#tellWire();
    const parts = ending.flatMap(({ fault }) => (isLinkFault(fault) ? [] : [fault]));
    await Promise.all(parts.map((fault) => actingOf(fault.kind).heal?.(fault, hands)));
    this.#changed();
  }

  #close(one: InForce, why: "Healed" | "Over" | undefined): void {
    const { wire, mark } = this.#options;
    const { id, fault, since, touched } = one;
    one.timer?.cancel();
    this.#inForce.delete(id);
    const words = explainFault(fault);
    this.#past = [
      ...this.#past.slice(-(MOST_PAST - 1)),
      { ...fault, id, words, since, touched, until: wire.now() },
    ];
    if (why !== undefined) mark(`${why}: ${words}.`, "info");
  }

  async #tellWire(): Promise<void> {
    const { wire } = this.#options;
    if (wire.state.state === "down") return;
    try {
      this.heard(await wire.setFaults(this.orders));
    } catch (error) {
      // One that went meanwhile has a successor, which begins with them.
      if (isUp(wire)) throw error;
    }
  }

  #changed(): void {
    this.#options.onChange(this.state);
  }
}

function isUp({ state }: FaultsOptions["wire"]): boolean {
  return state.state === "up";
}

function viewOf({ id, fault, since, touched, waiting }: InForce): FaultView {
  return { ...fault, id, words: explainFault(fault), since, touched, waiting };
}
