/**
 * Does faults to what crosses: the second stage of the wire's one gate. It makes hops late, lets
 * them wait, loses and doubles them, and says which connections are to end. A lane keeps its order
 * whatever is done to it; what waits goes, in the order in which it came, once its fault is healed.
 *
 * Unlike a hand that holds, a fault spares nothing: a stalled link carries no heartbeat either.
 * It knows neither sockets nor protocols.
 */
import type { Clock } from "../../../shared/clock.ts";
import type { CutEnding } from "../../../shared/faults/cut.ts";
import type { FaultOrder, FaultReach } from "../../../shared/faults/fault-state.ts";
import type { Ends } from "../../../shared/faults/link.ts";
import type { Perturbation } from "../../../shared/trace/event.ts";
import type { Admitted, Cutting, Lane, Stage } from "../tap/gate.ts";
import { type Effect, effectOf } from "./acting.ts";
import { LaneQueue, type Waiting } from "./lane-queue.ts";
import { RunningFault } from "./running-fault.ts";

export interface FaultControlOptions {
  clock: Clock;
  /** 0 … 1, for jitter. */
  random(): number;
  onCut(cutting: Cutting): void;
  /** Nothing is done to hops any more, and nothing waits. */
  onOpen(): void;
}

export class FaultControl implements Stage {
  readonly #options: FaultControlOptions;
  readonly #running = new Map<string, RunningFault>();
  readonly #lanes = new Map<Lane, LaneQueue>();
  #onHops: RunningFault[] = [];
  #cuts: RunningFault[] = [];
  #isOpen = true;
  #order = 0;
  #hasChanged = false;

  constructor(options: FaultControlOptions) {
    this.#options = options;
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  /** From now on just these. What waits because of others goes, in order. */
  obey(orders: readonly FaultOrder[]): void {
    const wanted = new Set(orders.map(({ id }) => id));
    const healed = [...this.#running.values()].filter(({ id }) => !wanted.has(id));
    const begun = orders.filter(({ id }) => !this.#running.has(id));
    for (const { id } of healed) this.#running.delete(id);
    for (const order of begun) this.#running.set(order.id, new RunningFault(order));
    const all = [...this.#running.values()];
    this.#cuts = all.filter(({ fault }) => fault.kind === "cut");
    this.#onHops = all.filter(({ fault }) => fault.kind !== "cut");
    this.#hasChanged = true;
    this.#settle();
    this.#release(healed);
    for (const { id } of begun) this.#cutOpen(this.#running.get(id));
  }

  admit(admitted: Admitted): void {
    const waiting: Waiting = {
      order: ++this.#order,
      admitted,
      atMs: this.#options.clock.now(),
      late: new Map(),
      stalledBy: new Set(),
      perturbed: undefined,
      copies: 1,
    };
    if (this.#isLostBy(waiting)) {
      admitted.drop?.run();
      this.#settle();
      return;
    }
    const queue = this.#lanes.get(admitted.lane);
    waiting.perturbed = markOf(waiting, queue !== undefined);
    if (queue !== undefined) queue.add(waiting);
    else if (waiting.perturbed === undefined) admitted.release(undefined, waiting.copies);
    else this.#laneOf(admitted.lane).add(waiting);
    this.#settle();
  }

  leave(lane: Lane): void {
    this.#lanes.get(lane)?.lose();
    if (this.#lanes.delete(lane)) this.#settle();
  }

  /** Asking counts: the connection that is asked for is touched. */
  cutFor(ends: Ends): CutEnding | undefined {
    const fault = this.#cuts.find((one) => one.meets(ends));
    if (fault?.fault.kind !== "cut") return undefined;
    this.#touch(fault);
    return fault.fault.how ?? "reset";
  }

  reach(): FaultReach[] {
    return [...this.#running.values()].map((fault) => fault.reach());
  }

  /** Whether faults have reached further than when this was last asked. */
  takeChanged(): boolean {
    const has = this.#hasChanged;
    this.#hasChanged = false;
    return has;
  }

  close(): void {
    for (const queue of this.#lanes.values()) queue.stop();
  }

  /** Meets every fault of its link, each of which adds to what becomes of it. */
  #isLostBy(waiting: Waiting): boolean {
    const { admitted } = waiting;
    for (const running of this.#onHops) {
      if (!running.meets(admitted)) continue;
      const effect = this.#effect(running, admitted);
      if (effect === undefined) continue;
      this.#touch(running);
      if (effect.kind === "lost") return true;
      if (effect.kind === "late") waiting.late.set(running, effect.ms);
      else if (effect.kind === "waits") waiting.stalledBy.add(running);
      else waiting.copies += 1;
    }
    for (const fault of [...waiting.late.keys(), ...waiting.stalledBy]) fault.waiting += 1;
    return false;
  }

  #effect(running: RunningFault, hop: Admitted): Effect | undefined {
    const { fault } = running;
    if (fault.kind === "cut") return undefined;
    return effectOf(fault, { hop, turn: () => running.nextTurn(), random: this.#options.random });
  }

  #touch(running: RunningFault): void {
    running.touched += 1;
    this.#hasChanged = true;
  }

  #laneOf(lane: Lane): LaneQueue {
    const queue = new LaneQueue(this.#options.clock, () => {
      this.#hasChanged = true;
      if (queue.waiting.length > 0) return;
      if (this.#lanes.get(lane) === queue) this.#lanes.delete(lane);
      this.#settle();
    });
    this.#lanes.set(lane, queue);
    return queue;
  }

  /** Over all lanes in the order in which they came. */
  #release(healed: readonly RunningFault[]): void {
    if (healed.length === 0) return;
    const all = [...this.#lanes.values()].flatMap((queue) =>
      queue.waiting.map((waiting) => ({ queue, waiting })),
    );
    all.sort((one, other) => one.waiting.order - other.waiting.order);
    for (const { waiting } of all) {
      for (const fault of healed) {
        if (waiting.late.delete(fault) || waiting.stalledBy.delete(fault)) fault.waiting -= 1;
      }
    }
    for (const { queue, waiting } of all) if (queue.mayGo(waiting)) queue.takeFirst();
    for (const queue of [...this.#lanes.values()]) queue.pump();
  }

  #cutOpen(running: RunningFault | undefined): void {
    if (running?.fault.kind !== "cut") return;
    const { how = "reset" } = running.fault;
    const isHit = (ends: Ends): boolean => {
      const is = running.meets(ends);
      if (is) this.#touch(running);
      return is;
    };
    this.#options.onCut({ how, isHit, meets: (ends) => running.meets(ends) });
  }

  /** Open again, or no longer, after any change. */
  #settle(): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = this.#lanes.size === 0 && this.#onHops.every(({ isDone }) => isDone);
    if (this.#isOpen && !wasOpen) this.#options.onOpen();
  }
}

function markOf({ late, stalledBy }: Waiting, isBehind: boolean): Perturbation | undefined {
  if (stalledBy.size > 0) return "stalled";
  return late.size > 0 || isBehind ? "delayed" : undefined;
}
