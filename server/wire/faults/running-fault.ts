/** One fault in force: whom it meets, how often it was done, and when it has been done enough. */
import type { FaultOrder, FaultReach } from "../../../shared/faults/fault-state.ts";
import type { LinkFault } from "../../../shared/faults/faults.ts";
import { crossingTest, type Ends } from "../../../shared/faults/link.ts";

export class RunningFault {
  readonly id: string;
  readonly fault: LinkFault;
  readonly #crosses: (ends: Ends) => boolean;
  readonly #most: number;
  touched: number;
  /** Hops that wait because of it. */
  waiting = 0;
  #turns = 0;

  constructor({ id, fault, touched }: FaultOrder) {
    this.id = id;
    this.fault = fault;
    this.touched = touched;
    this.#crosses = crossingTest(fault.link, fault.direction ?? "both");
    this.#most = mostOf(fault);
  }

  /** It has been done as often as it was to. */
  get isDone(): boolean {
    return this.touched >= this.#most;
  }

  meets(ends: Ends): boolean {
    return !this.isDone && this.#crosses(ends);
  }

  nextTurn(): number {
    this.#turns += 1;
    return this.#turns;
  }

  reach(): FaultReach {
    const { id, touched, waiting } = this;
    return { id, touched, waiting, isSpent: this.isDone && waiting === 0 };
  }
}

/** How often it is done at most: one that waits for the nth is done once. */
function mostOf(fault: LinkFault): number {
  if ("nth" in fault && fault.nth !== undefined) return 1;
  return "count" in fault && fault.count !== undefined ? fault.count : Number.POSITIVE_INFINITY;
}
