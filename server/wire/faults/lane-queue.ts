/**
 * What waits on one lane because of faults, in order: the first goes when its time has come and
 * nothing stalls it any more, and what is behind it never goes before it.
 */
import type { Clock, Timer } from "../../../shared/clock.ts";
import type { Perturbation } from "../../../shared/trace/event.ts";
import type { Admitted } from "../tap/gate.ts";
import type { RunningFault } from "./running-fault.ts";

export interface Waiting {
  /** Counts up over all lanes. */
  order: number;
  admitted: Admitted;
  atMs: number;
  /** How late each fault makes it. */
  late: Map<RunningFault, number>;
  stalledBy: Set<RunningFault>;
  /** How it is told, once it crosses. */
  perturbed: Perturbation | undefined;
  copies: number;
}

export class LaneQueue {
  readonly #clock: Clock;
  readonly #onGone: () => void;
  readonly #waiting: Waiting[] = [];
  #timer: Timer | undefined;
  #isPumping = false;

  /** `onGone`: less waits on this lane, perhaps nothing. */
  constructor(clock: Clock, onGone: () => void) {
    this.#clock = clock;
    this.#onGone = onGone;
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length === 1) this.pump();
  }

  /** Whether that one is the first and nothing keeps it any more. */
  mayGo(one: Waiting): boolean {
    return (
      this.#waiting[0] === one && one.stalledBy.size === 0 && dueAtMs(one) <= this.#clock.now()
    );
  }

  /** Lets go of all that may go, and waits for the next one's time. */
  pump(): void {
    if (this.#isPumping) return; // What comes while one goes is looked at after it.
    this.#isPumping = true;
    for (let first = this.#waiting[0]; first && this.mayGo(first); first = this.#waiting[0]) {
      this.takeFirst();
    }
    this.#isPumping = false;
    this.#arm();
    this.#onGone();
  }

  takeFirst(): void {
    const first = this.#waiting.shift();
    if (first === undefined) return;
    for (const fault of faultsOf(first)) fault.waiting -= 1;
    first.admitted.release(first.perturbed, first.copies);
  }

  /** The lane is gone, with all that waits on it. */
  lose(): void {
    this.stop();
    for (const waiting of this.#waiting.splice(0)) {
      for (const fault of faultsOf(waiting)) fault.waiting -= 1;
      waiting.admitted.lose();
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    this.stop();
    const first = this.#waiting[0];
    if (first === undefined || first.stalledBy.size > 0) return;
    const inMs = Math.max(0, dueAtMs(first) - this.#clock.now());
    this.#timer = this.#clock.after(inMs, () => this.pump());
  }
}

function dueAtMs({ atMs, late }: Waiting): number {
  let dueMs = atMs;
  for (const ms of late.values()) dueMs += ms;
  return dueMs;
}

function faultsOf({ late, stalledBy }: Waiting): Set<RunningFault> {
  return new Set([...late.keys(), ...stalledBy]);
}
