/**
 * The one gate of all balancers and taps of this wire, in two stages: what people hold, then what
 * faults do. A hop that is let go by hand meets the faults of its link as any other.
 *
 *   link ─► traffic control (held, paced) ─► fault control (late, stalled, lost, doubled) ─► forwarded
 */
import type { Clock } from "../../shared/clock.ts";
import type { CutEnding } from "../../shared/faults/cut.ts";
import type { Ends } from "../../shared/faults/link.ts";
import { FaultControl } from "./faults/fault-control.ts";
import { TrafficControl } from "./hold/traffic-control.ts";
import type { Admitted, Cutting, Gate, Lane } from "./tap/gate.ts";

export interface WireGateOptions {
  clock: Clock;
  /** 0 … 1, for jitter. */
  random(): number;
  /** A link is cut, now: whoever has connections ends those that are hit. */
  onCut(cutting: Cutting): void;
}

export class WireGate implements Gate {
  readonly traffic: TrafficControl;
  readonly faults: FaultControl;
  readonly #watching = new Set<Lane>();

  constructor({ clock, random, onCut }: WireGateOptions) {
    const onOpen = (): void => this.#tellOpen();
    this.traffic = new TrafficControl(clock, onOpen);
    this.faults = new FaultControl({ clock, random, onCut, onOpen });
  }

  isOpen(): boolean {
    return this.traffic.isOpen() && this.faults.isOpen();
  }

  admit(admitted: Admitted): void {
    const { release } = admitted;
    this.traffic.admit({
      ...admitted,
      release: (held) =>
        this.faults.admit({
          ...admitted,
          release: (perturbed, copies) => release(held ?? perturbed, copies),
        }),
    });
  }

  watch(lane: Lane): void {
    this.#watching.add(lane);
  }

  leave(lane: Lane): void {
    this.#watching.delete(lane);
    this.traffic.leave(lane);
    this.faults.leave(lane);
  }

  cutFor(ends: Ends): CutEnding | undefined {
    return this.faults.cutFor(ends);
  }

  close(): void {
    this.traffic.close();
    this.faults.close();
  }

  /** One stage has opened; perhaps the other one has not. */
  #tellOpen(): void {
    if (!this.isOpen()) return;
    const watching = [...this.#watching];
    this.#watching.clear();
    for (const lane of watching) lane.opened();
  }
}
