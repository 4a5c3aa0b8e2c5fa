/**
 * Seqs in the order they came, oldest out first. A Map would do, but finding its oldest key walks
 * over every key deleted since it last grew.
 */
export class SeqQueue {
  #seqs: number[] = [];
  #head = 0;

  get size(): number {
    return this.#seqs.length - this.#head;
  }

  get oldest(): number | undefined {
    return this.#seqs[this.#head];
  }

  push(seq: number): void {
    this.#seqs.push(seq);
  }

  /** The oldest; undefined when there is none. */
  shift(): number | undefined {
    if (this.size === 0) return undefined;
    const oldest = this.#seqs[this.#head];
    this.#head += 1;
    if (this.#head > 1_000 && this.#head * 2 > this.#seqs.length) {
      this.#seqs = this.#seqs.slice(this.#head);
      this.#head = 0;
    }
    return oldest;
  }

  /** Newest first. */
  *newestFirst(): Generator<number> {
    for (let at = this.#seqs.length - 1; at >= this.#head; at -= 1) yield this.#seqs[at] ?? 0;
  }

  clear(): void {
    this.#seqs = [];
    this.#head = 0;
  }
}
