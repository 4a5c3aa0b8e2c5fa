/**
 * A map that forgets its oldest entries: what is kept of the traffic has a limit.
 *
 * To find the oldest with a new iterator each time would take ever longer, since it first passes over
 * the places of all that were deleted: tens of thousands in a large map. So one iterator stands before the
 * oldest entry. A standing iterator keeps alive every table the map has outgrown since it last moved,
 * with all that was in them, so after as many sets as the map may have entries it is let go.
 */
export class BoundedMap<K, V> {
  readonly limit: number;
  readonly #entries = new Map<K, V>();
  #oldestFirst: Iterator<K> | undefined;
  /** How many more sets the iterator may stand. */
  #setsLeft = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Sets an entry and makes it the newest. */
  set(key: K, value: V): void {
    if (this.#oldestFirst && --this.#setsLeft <= 0) this.#oldestFirst = undefined;
    this.#entries.delete(key);
    if (this.#entries.size >= this.limit) this.#forgetOldest();
    this.#entries.set(key, value);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#oldestFirst = undefined;
    this.#entries.clear();
  }

  #forgetOldest(): void {
    if (!this.#oldestFirst) {
      this.#oldestFirst = this.#entries.keys();
      this.#setsLeft = this.limit;
    }
    const oldest = this.#oldestFirst.next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}
