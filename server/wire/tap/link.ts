/**
 * A link is one direction of one connection: bytes → units → gate → forward → report.
 *
 * While its gate is open it forwards first and looks afterwards, so that watching delays nothing; while
 * the gate is not, bytes wait until the gate lets their unit through. It forwards every byte it
 * took, in order, waits when the other side reads slowly, and when its decoder fails goes on with
 * `raw` hops. Ends and resets are the tap connection's business.
 */
import type { Socket } from "node:net";
import type { Gate } from "./gate.ts";
import type { HopDraft, StreamDecoder, Unit } from "./unit.ts";

export interface LinkOptions {
  source: Socket;
  target: Socket;
  decoder: StreamDecoder;
  gate: Gate;
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

export class Link {
  readonly #options: LinkOptions;
  #decoder: StreamDecoder | undefined;
  /** Bytes taken and not yet forwarded; empty while the gate is open. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Units that the gate has not released yet. */
  #admitted = 0;
  /** Bytes of the unit that is not whole yet … */
  #partial = 0;
  /** … and how many of them went on while the gate was open. */
  #ahead = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#decoder = options.decoder;
    options.source.on("data", (chunk: Buffer) => this.#take(chunk));
    options.target.on("drain", () => this.#brake());
  }

  /** Forwards what still waits, whole or not: the source has ended. */
  flush(): void {
    this.#waitingBytes = 0;
    for (const piece of this.#waiting.splice(0)) this.#forward(piece);
  }

  #take(chunk: Buffer): void {
    const { gate, now } = this.#options;
    const at = now();
    if (gate.isOpen()) {
      this.flush();
      const fate = this.#forward(chunk);
      for (const unit of this.#decode(chunk)) this.#report(unit, fate, at);
      this.#ahead = this.#partial;
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    for (const unit of this.#decode(chunk)) this.#admit(unit, at);
    this.#brake();
  }

  #admit(unit: Unit, at: number): void {
    const bytes = unit.length - this.#ahead;
    this.#ahead = 0;
    this.#admitted += 1;
    this.#options.gate.admit(unit, () => {
      this.#admitted -= 1;
      this.#report(unit, this.#release(bytes), at);
      this.#brake();
    });
  }

  /** Reads on, or not: the other side reads slowly, or enough whole units wait for the gate. */
  #brake(): void {
    const { source, target } = this.#options;
    const isFull = this.#admitted > 0 && this.#waitingBytes > MAX_WAITING_BYTES;
    if (isFull || target.writableNeedDrain) source.pause();
    else if (source.isPaused()) source.resume();
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

  /** Forwards the next `length` waiting bytes; none wait any more when the source has ended. */
  #release(length: number): Fate {
    let left = length;
    let fate: Fate = "sent";
    while (left > 0) {
      const piece = this.#waiting[0];
      if (!piece) break;
      const part = piece.subarray(0, left);
      if (part.length === piece.length) this.#waiting.shift();
      else this.#waiting[0] = piece.subarray(part.length);
      left -= part.length;
      this.#waitingBytes -= part.length;
      fate = this.#forward(part);
    }
    return fate;
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

  #report(unit: Unit, fate: Fate, at: number): void {
    const hop = unit.hop;
    if (!hop) return;
    if (typeof fate !== "string") void fate.then((settled) => this.#report(unit, settled, at));
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
