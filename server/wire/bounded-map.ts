/** A map that forgets its oldest entries: every index of the wire has a limit. */
export class BoundedMap<K, V> {
  readonly limit: number;
  readonly #entries = new Map<K, V>();
  /**
   * Stands before the oldest entry, for good: a new iterator would first pass over the places of all that
   * were deleted, tens of thousands in a large map.
   */
  readonly #oldestFirst = this.#entries.keys();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Sets an entry and makes it the newest. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.limit) {
      const oldest = this.#oldestFirst.next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, value);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
