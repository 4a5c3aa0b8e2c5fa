/**
 * A unit that comes in pieces: all of its bytes are counted, the first of them kept. They are copied
 * into one buffer that grows by doubling: a view would keep a whole read buffer alive, and a thousand
 * pieces of one byte would take a hundred thousand.
 */
const NOTHING = Buffer.alloc(0);

export class KeptBytes {
  readonly #max: number;
  #buffer: Buffer = NOTHING;
  #kept = 0;
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Of the unit so far, kept or not. */
  get length(): number {
    return this.#length;
  }

  keep(piece: Buffer): void {
    this.#length += piece.length;
    const count = Math.min(piece.length, this.#max - this.#kept);
    if (count <= 0) return;
    const needed = this.#kept + count;
    if (this.#buffer.length < needed) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(this.#max, 2 * this.#kept)));
      this.#buffer.copy(grown, 0, 0, this.#kept);
      this.#buffer = grown;
    }
    piece.copy(this.#buffer, this.#kept, 0, count);
    this.#kept = needed;
  }

  /** The unit is whole; the next one begins. */
  take(): { bytes: Buffer; length: number; truncated: boolean } {
    const unit = {
      bytes: this.#buffer.subarray(0, this.#kept),
      length: this.#length,
      truncated: this.#length > this.#kept,
    };
    this.#buffer = NOTHING;
    this.#kept = 0;
    this.#length = 0;
    return unit;
  }
}
