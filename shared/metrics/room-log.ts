/**
 * What is known of one room's messages: when each was accepted (the balancer's receipt of its
 * POST, wire clock) and how long its text is. Ids are dense, so this is a ring by id: it grows to
 * a bound and then forgets the oldest. A message that is not here has an unknown acceptance.
 */
import type { Pattern } from "../contracts/ids.ts";

const FIRST_SIZE = 1_024;
const MOST = 65_536;

export class RoomLog {
  /** `long-polling/lobby/`: what the keys of this room's messages begin with. */
  readonly prefix: string;
  /** Highest accepted id. */
  top = 0;
  /** Counts up when the room was emptied and its ids began anew. */
  epoch = 0;
  #ids = new Float64Array(FIRST_SIZE);
  #acceptedMs = new Float64Array(FIRST_SIZE);
  #textBytes = new Uint32Array(FIRST_SIZE);
  /** Ids up to here were given out before what was known was forgotten. */
  #givenOut = 0;

  constructor(pattern: Pattern, room: string) {
    this.prefix = `${pattern}/${room}/`;
  }

  has(id: number): boolean {
    return this.#ids[id & (this.#ids.length - 1)] === id;
  }

  /** When it was accepted, or -1 where that was not seen or is forgotten. */
  acceptedMs(id: number): number {
    return this.has(id) ? (this.#acceptedMs[id & (this.#ids.length - 1)] ?? -1) : -1;
  }

  textBytes(id: number): number {
    return this.has(id) ? (this.#textBytes[id & (this.#ids.length - 1)] ?? 0) : 0;
  }

  /** The lowest id that can still be known. */
  get oldest(): number {
    return Math.max(1, this.top - this.#ids.length + 1);
  }

  accept(id: number, acceptedMs: number, textBytes: number): void {
    if (this.has(id) || id <= this.#givenOut || id < this.oldest) this.#beginAnew();
    if (this.top >= this.#ids.length && this.#ids.length < MOST) this.#grow();
    const slot = id & (this.#ids.length - 1);
    this.#ids[slot] = id;
    this.#acceptedMs[slot] = acceptedMs;
    this.#textBytes[slot] = textBytes;
    if (id > this.top) this.top = id;
  }

  /** Forgets when messages were accepted; the ids go on. */
  forget(): void {
    this.#ids.fill(0);
    this.#givenOut = this.top;
  }

  /** An id was given out a second time: the store was emptied. */
  #beginAnew(): void {
    this.#ids.fill(0);
    this.#givenOut = 0;
    this.top = 0;
    this.epoch += 1;
  }

  #grow(): void {
    const size = this.#ids.length * 2;
    const ids = new Float64Array(size);
    const acceptedMs = new Float64Array(size);
    const textBytes = new Uint32Array(size);
    for (const [at, id] of this.#ids.entries()) {
      if (id === 0) continue;
      const slot = id & (size - 1);
      ids[slot] = id;
      acceptedMs[slot] = this.#acceptedMs[at] ?? -1;
      textBytes[slot] = this.#textBytes[at] ?? 0;
    }
    this.#ids = ids;
    this.#acceptedMs = acceptedMs;
    this.#textBytes = textBytes;
  }
}
