/**
 * A link is one direction of one connection: bytes → units → gate → forward → report.
 *
 * While its gate is open it forwards first and looks afterwards, so that watching delays nothing; while
 * the gate is not, bytes wait until the gate lets their unit through. It forwards every byte it
 * took, waits when the other side reads slowly, and when its decoder fails goes on with `raw` hops.
 * In which order the gate releases units is the gate's affair; an end comes behind all of them.
 */
import type { Socket } from "node:net";
import type { Admitted, Crosser, Gate, Lane } from "./gate.ts";
import type { HopDraft, StreamDecoder, Unit } from "./unit.ts";

export interface LinkOptions {
  source: Socket;
  target: Socket;
  decoder: StreamDecoder;
  gate: Gate;
  /** Who sends on this link, and who gets it. */
  parties: Pick<Crosser, "from" | "to" | "pattern">;
  /** Whether a unit may be left out without the rest becoming unreadable. */
  canDrop?(hop: HopDraft): boolean;
  now(): number;
  /** `at`: when the unit was whole; `doneAt`: when it had been handed on. */
  report(hop: HopDraft, at: number, doneAt: number): void;
  /** The decoder gave up; every later chunk is a raw hop. */
  onUndecodable?(error: unknown): void;
}

/** What became of forwarded bytes: with the kernel, or the other side was gone. */
type Fate = "sent" | "lost" | Promise<"sent" | "lost">;

/** While more than this waits for the gate, no more is read. */
const MAX_WAITING_BYTES = 1024 * 1024;

export class Link implements Lane {
  readonly #options: LinkOptions;
  #decoder: StreamDecoder | undefined;
  /** Bytes taken of the unit that is not whole yet; empty while the gate is open. */
  #begun: Buffer[] = [];
  /** All bytes taken and not forwarded, those of whole units included. */
  #waitingBytes = 0;
  /** Units that the gate has not released yet. */
  #admitted = 0;
  /** Bytes of the unit that is not whole yet … */
  #partial = 0;
  /** … and how many of them went on while the gate was open. */
  #ahead = 0;
  /** To be done once everything that was taken has been handed on. */
  #endings: (() => void)[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#decoder = options.decoder;
    options.source.on("data", (chunk: Buffer) => this.#take(chunk));
    options.target.on("drain", () => this.#brake());
  }

  /** The source has ended: hands on what was taken, whole or not, then calls `then`. */
  end(then: () => void): void {
    this.#endings.push(then);
    this.#finish();
  }

  /** The target is gone: what still waits for the gate is lost. */
  abandon(): void {
    this.#options.gate.leave(this);
  }

  opened(): void {
    this.#ahead = this.#partial;
    this.#forwardBegun();
  }

  #finish(): void {
    if (this.#admitted > 0 || this.#endings.length === 0) return;
    this.#forwardBegun();
    for (const then of this.#endings.splice(0)) then();
  }

  #forwardBegun(): void {
    for (const piece of this.#begun.splice(0)) {
      this.#waitingBytes -= piece.length;
      this.#forward(piece);
    }
  }

  #take(chunk: Buffer): void {
    const { gate, now } = this.#options;
    const at = now();
    if (gate.isOpen()) {
      if (this.#begun.length > 0) this.opened();
      const fate = this.#forward(chunk);
      for (const unit of this.#decode(chunk)) this.#report(unit.hop, fate, at);
      this.#ahead = this.#partial;
      return;
    }
    this.#begun.push(chunk);
    this.#waitingBytes += chunk.length;
    for (const unit of this.#decode(chunk)) this.#admit(unit, at);
    // A unit too large to be gathered whole goes on in parts, once nothing is before it.
    if (this.#admitted === 0 && this.#waitingBytes > MAX_WAITING_BYTES) this.opened();
    if (this.#begun.length > 0) gate.watch(this);
    this.#brake();
  }

  #admit({ length, hop }: Unit, at: number): void {
    const { gate, parties, canDrop } = this.#options;
    const pieces = this.#cut(length - this.#ahead);
    // What has begun to cross cannot be left out any more.
    const mayDrop = this.#ahead === 0 && hop !== undefined && canDrop?.(hop) === true;
    this.#ahead = 0;
    this.#admitted += 1;
    const settle = (isForwarded: boolean, mark?: HopDraft["perturbed"]): void => {
      this.#admitted -= 1;
      let fate: Fate = "lost";
      for (const piece of pieces) {
        this.#waitingBytes -= piece.length;
        if (isForwarded) fate = this.#forward(piece);
      }
      this.#report(hop && mark ? { ...hop, perturbed: mark } : hop, fate, at);
      this.#brake();
      this.#finish();
    };
    const admitted: Admitted = {
      ...parties,
      lane: this,
      hop,
      length,
      release: (perturbed, copies = 1) => {
        settle(true, perturbed);
        for (let more = 1; more < copies; more++) this.#repeat(pieces, hop, at);
      },
      lose: () => settle(false, "held"),
    };
    if (mayDrop) admitted.drop = { effect: "lost", run: () => settle(false, "dropped") };
    gate.admit(admitted);
  }

  /** Sends what has crossed once more. It is a hop of its own: nobody names it as a cause. */
  #repeat(pieces: readonly Buffer[], hop: HopDraft | undefined, at: number): void {
    let fate: Fate = "lost";
    for (const piece of pieces) fate = this.#forward(piece);
    if (hop === undefined) return;
    const { mark: _other, ...copy } = hop;
    this.#report({ ...copy, perturbed: "duplicated" }, fate, at);
  }

  /** Reads on, or not: the other side reads slowly, or enough whole units wait for the gate. */
  #brake(): void {
    const { source, target } = this.#options;
    if (this.isFull || target.writableNeedDrain) source.pause();
    else if (source.isPaused()) source.resume();
  }

  /** Enough waits for the gate: no more is read. */
  get isFull(): boolean {
    return this.#admitted > 0 && this.#waitingBytes > MAX_WAITING_BYTES;
  }

  #decode(chunk: Buffer): Unit[] {
    this.#partial += chunk.length;
    const units = this.#units(chunk);
    for (const unit of units) this.#partial -= unit.length;
    return units;
  }

  /** When the decoder fails, what it had not told of is part of the first raw unit. */
  #units(chunk: Buffer): Unit[] {
    if (!this.#decoder) return [rawUnit(this.#partial)];
    try {
      return this.#decoder.push(chunk);
    } catch (error) {
      this.#decoder = undefined;
      this.#options.onUndecodable?.(error);
      return [rawUnit(this.#partial)];
    }
  }

  /** Takes the next `length` bytes out of what has begun. */
  #cut(length: number): Buffer[] {
    const cut: Buffer[] = [];
    let left = length;
    while (left > 0) {
      const piece = this.#begun[0];
      if (!piece) break;
      const part = piece.subarray(0, left);
      if (part.length === piece.length) this.#begun.shift();
      else this.#begun[0] = piece.subarray(part.length);
      left -= part.length;
      cut.push(part);
    }
    return cut;
  }

  #forward(bytes: Buffer): Fate {
    const { source, target } = this.#options;
    if (!target.writable) return "lost";
    let settle = (_error?: Error | null): void => {};
    const more = target.write(bytes, (error) => settle(error));
    if (!more) source.pause();
    // Nearly always the kernel has taken the bytes by now.
    if (target.writableLength === 0) return "sent";
    return new Promise((resolve) => {
      settle = (error) => resolve(error ? "lost" : "sent");
    });
  }

  #report(hop: HopDraft | undefined, fate: Fate, at: number): void {
    if (!hop) return;
    if (typeof fate !== "string") void fate.then((settled) => this.#report(hop, settled, at));
    else {
      const told = fate === "lost" ? { ...hop, info: { ...hop.info, lost: true } } : hop;
      this.#options.report(told, at, this.#options.now());
    }
  }
}

/** Bytes of requests nobody understood are not shown: a password may be among them. */
function rawUnit(length: number): Unit {
  return { length, hop: { kind: "raw", label: `${length} bytes`, bytes: length } };
}
