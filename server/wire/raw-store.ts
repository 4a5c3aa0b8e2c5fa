/**
 * The raw bytes of recent hops, for the inspector: a ring that never grows. At most 4 KiB of a hop
 * are kept and 16 MiB in all; the newest overwrite the oldest.
 */
import type { EventKind } from "../../shared/trace/event.ts";

export const RAW_LIMIT_BYTES = 16 * 1024 * 1024;
const MAX_HOP_BYTES = 4 * 1024;
const SLOTS = 2 ** 16;

interface Slot {
  seq: number;
  kind: EventKind;
  /** Where it begins, counted over everything ever kept. */
  begin: number;
  length: number;
  truncated: boolean;
}

export interface RawBytes {
  kind: EventKind;
  bytes: Buffer;
  truncated: boolean;
}

export class RawStore {
  readonly #ring = Buffer.allocUnsafe(RAW_LIMIT_BYTES);
  readonly #slots: (Slot | undefined)[] = [];
  #written = 0;

  get usedBytes(): number {
    return Math.min(this.#written, RAW_LIMIT_BYTES);
  }

  /** Copies the beginning of `pieces`. */
  keep(seq: number, kind: EventKind, pieces: readonly Uint8Array[]): void {
    // A hop's bytes lie in one piece: the rest of a lap that is too short for one is left.
    const place = this.#written % RAW_LIMIT_BYTES;
    if (RAW_LIMIT_BYTES - place < MAX_HOP_BYTES) this.#written += RAW_LIMIT_BYTES - place;
    const begin = this.#written;
    let length = 0;
    let total = 0;
    for (const piece of pieces) {
      const part = piece.subarray(0, MAX_HOP_BYTES - length);
      this.#ring.set(part, (begin + length) % RAW_LIMIT_BYTES);
      length += part.length;
      total += piece.length;
    }
    this.#written += length;
    this.#slots[seq % SLOTS] = { seq, kind, begin, length, truncated: total > length };
  }

  get(seq: number): RawBytes | undefined {
    const slot = this.#slots[seq % SLOTS];
    if (slot?.seq !== seq || slot.begin < this.#written - RAW_LIMIT_BYTES) return undefined;
    const place = slot.begin % RAW_LIMIT_BYTES;
    const bytes = Buffer.from(this.#ring.subarray(place, place + slot.length));
    return { kind: slot.kind, bytes, truncated: slot.truncated };
  }

  clear(): void {
    this.#slots.length = 0;
    this.#written = 0;
  }
}
