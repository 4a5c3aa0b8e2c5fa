/**
 * Forwards one unit (a request or a response) to a socket, piece by piece, through a gate: while the
 * gate is open bytes leave as they come; otherwise the whole unit waits until the gate lets it
 * through. The HTTP twin of the taps' link, which cuts its units out of a byte stream itself.
 */
import type { Socket } from "node:net";
import type { Gate } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";

export type Fate = "sent" | "lost";

const NOTHING = Buffer.alloc(0);

export class UnitForwarder {
  readonly #target: Socket;
  readonly #gate: Gate;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(target: Socket, gate: Gate) {
    this.#target = target;
    this.#gate = gate;
  }

  add(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** Hands on what has come, if the gate is open. False: the target reads slowly, wait for its drain. */
  flush(): boolean {
    return this.#gate.isOpen() ? this.#write() : true;
  }

  /**
   * The unit is whole. `describe` is asked only when it must wait; `crossed` is called once its
   * last byte has left, or can no longer leave.
   */
  end(describe: () => HopDraft, crossed: (fate: Fate) => void): void {
    if (this.#gate.isOpen()) this.#finish(crossed);
    else this.#gate.admit({ length: this.#length, hop: describe() }, () => this.#finish(crossed));
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
    const pieces = this.#pieces;
    if (pieces.length === 0 || !target.writable) return true;
    this.#pieces = [];
    const [only] = pieces;
    if (pieces.length === 1 && only) return target.write(only);
    target.cork();
    for (const piece of pieces) target.write(piece);
    target.uncork();
    return !target.writableNeedDrain;
  }
}
