/**
 * Forwards units (requests or responses), one after another, to a socket through a gate: while the
 * gate is open bytes leave as they come; otherwise a whole unit waits until the gate lets it through.
 * The HTTP twin of the taps' link, which cuts its units out of a byte stream itself.
 */
import type { Socket } from "node:net";
import type { Perturbation } from "../../../shared/trace/event.ts";
import type { Admitted, Crosser, Gate, Lane } from "../tap/gate.ts";

export type Fate = "sent" | "lost";

/** What is told of a unit that is whole. `perturbed`: what kept it from crossing when it came. */
export interface UnitEnd {
  /** For the gate: what waits. */
  describe(): Crosser;
  /** Its last byte has left, or can no longer leave. */
  crossed(fate: Fate, perturbed: Perturbation | undefined): void;
  /** Ends the exchange instead. */
  drop(): void;
}

/** What is larger is not held: it would have to be gathered whole. */
const MAX_HELD_BYTES = 1024 * 1024;
/** How often somebody may look and find the same unit still coming: then it goes on in parts. */
const MAX_LOOKS = 2;

const NOTHING = Buffer.alloc(0);

export class UnitForwarder implements Lane {
  readonly #target: Socket;
  readonly #gate: Gate;
  /** Of the unit that is coming, not yet handed on: nearly always one piece. */
  #first: Buffer | undefined;
  #more: Buffer[] = [];
  /** The unit that is coming is too large to be held. */
  #passes = false;
  /** Bytes of it have left. */
  #hasBegun = false;
  #isHeld = false;
  #looks = 0;

  constructor(target: Socket, gate: Gate) {
    this.#target = target;
    this.#gate = gate;
  }

  add(bytes: Buffer): void {
    if (this.#first === undefined) this.#first = bytes;
    else this.#more.push(bytes);
  }

  /** Hands on what has come, if the gate is open. False: the target reads slowly, wait for its drain. */
  flush(): boolean {
    return this.#gate.isOpen() || this.#mayPass() ? this.#write() : true;
  }

  /** The unit is whole. True: its last byte has left already, as nearly always. Else call `end`. */
  endNow(): boolean {
    if (!this.#gate.isOpen() && !this.#passes) return false;
    this.#write();
    const hasLeft = this.#target.writable && this.#target.writableLength === 0;
    if (hasLeft) {
      this.#passes = false;
      this.#hasBegun = false;
    }
    return hasLeft;
  }

  /** The unit is whole and something holds it back: the gate, or a slow target. */
  end({ describe, crossed, drop }: UnitEnd): void {
    if (this.#gate.isOpen() || this.#passes) {
      this.#passes = false;
      this.#finish((fate) => crossed(fate, undefined));
      return;
    }
    const settle = (then: () => void) => (): void => {
      this.#isHeld = false;
      then();
    };
    this.#isHeld = true;
    const admitted: Admitted = {
      ...describe(),
      lane: this,
      length: this.#length,
      release: (perturbed) => {
        this.#isHeld = false;
        this.#finish((fate) => crossed(fate, perturbed));
      },
      drop: { effect: "closes", run: settle(drop) },
      lose: settle(() => undefined),
    };
    this.#gate.admit(admitted);
  }

  /** The unit that is coming must go on in parts: its other side waits for them. */
  letPass(): void {
    this.#passes = true;
  }

  /** Called now and then. A unit that takes its time to come cannot be gathered whole. */
  look(): void {
    const isComing = this.#first !== undefined && !this.#isHeld && !this.#passes;
    this.#looks = isComing ? this.#looks + 1 : 0;
    if (this.#looks < MAX_LOOKS) return;
    this.#passes = true;
    this.#write();
  }

  /** A whole unit waits for the gate. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The bytes of the unit that is coming, if none of it has left: somebody else may send it. */
  takeBack(): Buffer[] | undefined {
    if (this.#hasBegun || this.#first === undefined) return undefined;
    const bytes = [this.#first, ...this.#more];
    this.#first = undefined;
    this.#more = [];
    return bytes;
  }

  /** The target is gone: what waits for the gate is lost. */
  abandon(): void {
    this.#gate.leave(this);
  }

  opened(): void {
    this.#write();
  }

  get #length(): number {
    return this.#more.reduce((sum, piece) => sum + piece.length, this.#first?.length ?? 0);
  }

  /** While the gate is not open: a unit that grows too large goes on after all. */
  #mayPass(): boolean {
    if (!this.#passes) this.#passes = this.#length > MAX_HELD_BYTES;
    if (!this.#passes && this.#first !== undefined) this.#gate.watch(this);
    return this.#passes;
  }

  #finish(crossed: (fate: Fate) => void): void {
    this.#write();
    this.#hasBegun = false;
    this.#looks = 0;
    const target = this.#target;
    if (!target.writable) crossed("lost");
    else if (target.writableLength === 0) crossed("sent");
    else target.write(NOTHING, (error) => crossed(error ? "lost" : "sent"));
  }

  #write(): boolean {
    const target = this.#target;
    const first = this.#first;
    if (first === undefined) return !target.writableNeedDrain;
    this.#first = undefined;
    if (!target.writable) {
      this.#more = [];
      return true;
    }
    this.#hasBegun = true;
    if (this.#more.length === 0) return target.write(first);
    target.cork();
    target.write(first);
    for (const piece of this.#more) target.write(piece);
    target.uncork();
    this.#more = [];
    return !target.writableNeedDrain;
  }
}
