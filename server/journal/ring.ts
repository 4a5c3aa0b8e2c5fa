/** The newest `limit` items, in order; the oldest make room, and are counted. */
export class Ring<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  /** Where the oldest item is, once the ring is full. */
  #head = 0;
  #evicted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#items.length;
  }

  get fill(): { used: number; limit: number } {
    return { used: this.size, limit: this.#limit };
  }

  get evicted(): number {
    return this.#evicted;
  }

  push(item: T): void {
    if (this.#items.length < this.#limit) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#head] = item;
    this.#head = (this.#head + 1) % this.#limit;
    this.#evicted++;
  }

  /** Index 0 is the oldest. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.#items.length) return undefined;
    return this.#items[(this.#head + index) % this.#items.length];
  }

  from(index: number, count = Number.POSITIVE_INFINITY): T[] {
    const items: T[] = [];
    const end = Math.min(this.size, index + count);
    for (let at = Math.max(0, index); at < end; at++) items.push(this.at(at) as T);
    return items;
  }

  /** The first index whose item passes, where all later ones pass too; `size` if none does. */
  firstIndex(passes: (item: T) => boolean): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (passes(this.at(middle) as T)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  clear(): void {
    this.#items.length = 0;
    this.#head = 0;
    this.#evicted = 0;
  }
}
