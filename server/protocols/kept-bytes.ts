/** A unit that comes in pieces: all of its bytes are counted, the first of them kept. */
export class KeptBytes {
  readonly #max: number;
  #pieces: Buffer[] = [];
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
    const room = this.#max - this.#kept;
    if (room <= 0) return;
    // Copied: the view may lie in a socket's large read buffer, and would keep all of it.
    const kept = Buffer.from(piece.subarray(0, room));
    this.#pieces.push(kept);
    this.#kept += kept.length;
  }

  /** The unit is whole; the next one begins. */
  take(): { bytes: Buffer; length: number; truncated: boolean } {
    const [only] = this.#pieces;
    const unit = {
      bytes: only && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces),
      length: this.#length,
      truncated: this.#length > this.#kept,
    };
    this.#pieces = [];
    this.#kept = 0;
    this.#length = 0;
    return unit;
  }
}
