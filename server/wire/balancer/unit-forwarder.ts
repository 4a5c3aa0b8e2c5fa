/**
 * Forwards units (requests or responses), one after another, to a socket through a gate: while the
 * gate is open bytes leave as they come; otherwise a whole unit waits until the gate lets it through.
 * The HTTP twin of the taps' link, which cuts its units out of a byte stream itself.
 */
import type { Socket } from "node:net";
import type { Gate } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";

export type Fate = "sent" | "lost";

const NOTHING = Buffer.alloc(0);

export class UnitForwarder {
  readonly #target: Socket;
  readonly #gate: Gate;
  /** Of the unit that is coming, not yet handed on: nearly always one piece. */
  #first: Buffer | undefined;
  #more: Buffer[] = [];

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
    return this.#gate.isOpen() ? this.#write() : true;
  }

  /** The unit is whole. True: its last byte has left already, as nearly always. Else call `end`. */
  endNow(): boolean {
    if (!this.#gate.isOpen()) return false;
    this.#write();
    return this.#target.writable && this.#target.writableLength === 0;
  }

  /**
   * The unit is whole and something holds it back: the gate, which is told what waits, or a slow
   * target. `crossed` is called once its last byte has left, or can no longer leave.
   */
  end(describe: () => HopDraft, crossed: (fate: Fate) => void): void {
    if (this.#gate.isOpen()) {
      this.#finish(crossed);
      return;
    }
    const length = this.#more.reduce((sum, piece) => sum + piece.length, this.#first?.length ?? 0);
    this.#gate.admit({ length, hop: describe() }, () => this.#finish(crossed));
  }

  #finish(crossed: (fate: Fate) => void): void {
    this.#write();
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
    if (this.#more.length === 0) return target.write(first);
    target.cork();
    target.write(first);
    for (const piece of this.#more) target.write(piece);
    target.uncork();
    this.#more = [];
    return !target.writableNeedDrain;
  }
}
