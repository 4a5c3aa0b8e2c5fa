/**
 * Remembers what the last few distinct byte strings meant. A fan-out sends the same bytes a
 * thousand times; comparing them is far cheaper than decoding them again.
 * Bounded by a count of entries and of bytes; the oldest goes first.
 */

interface Entry<V> {
  key: string;
  bytes: Buffer;
  value: V;
}

const ENTRIES = 8;
const MAX_ENTRY_BYTES = 1024 * 1024;

export class BytesMemo<V> {
  readonly #entries: Entry<V>[] = [];
  #oldest = 0;

  /** `key` holds whatever else `decode` depends on. The value is shared: treat it as frozen. */
  get(key: string, bytes: Buffer, decode: () => V): V {
    for (const entry of this.#entries) {
      if (entry.bytes.length === bytes.length && entry.key === key && entry.bytes.equals(bytes)) {
        return entry.value;
      }
    }
    const value = decode();
    if (bytes.length <= MAX_ENTRY_BYTES) {
      // A copy: the given bytes may be a view on a large buffer that should not be kept alive.
      this.#entries[this.#oldest] = { key, bytes: Buffer.from(bytes), value };
      this.#oldest = (this.#oldest + 1) % ENTRIES;
    }
    return value;
  }
}
