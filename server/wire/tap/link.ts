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

export class Link {
  readonly #options: LinkOptions;
  #decoder: StreamDecoder | undefined;
  /** Bytes taken and not yet forwarded; empty while the gate is open. */
  #waiting: Buffer[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#decoder = options.decoder;
    options.source.on("data", (chunk: Buffer) => this.#take(chunk));
    options.target.on("drain", () => options.source.resume());
  }

  /** Forwards what still waits, whole or not: the source has ended. */
  flush(): void {
    for (const piece of this.#waiting.splice(0)) this.#forward(piece);
  }

  #take(chunk: Buffer): void {
    const { gate, now } = this.#options;
    const at = now();
    if (gate.isOpen()) {
      this.flush();
      const fate = this.#forward(chunk);
      for (const unit of this.#decode(chunk)) this.#report(unit, fate, at);
      return;
    }
    this.#waiting.push(chunk);
    for (const unit of this.#decode(chunk)) {
      gate.admit(unit, () => this.#report(unit, this.#release(unit.length), at));
    }
  }

  #decode(chunk: Buffer): Unit[] {
    if (!this.#decoder) return [rawUnit(chunk)];
    try {
      return this.#decoder.push(chunk);
    } catch (error) {
      this.#decoder = undefined;
      this.#options.onUndecodable?.(error);
      return [rawUnit(chunk)];
    }
  }

  /** Forwards the next `length` waiting bytes. Fewer wait if some went before the gate closed. */
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
function rawUnit(chunk: Buffer): Unit {
  return {
    length: chunk.length,
    hop: { kind: "raw", label: `${chunk.length} bytes`, bytes: chunk.length },
  };
}
