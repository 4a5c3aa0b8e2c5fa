/** Bytes cut anywhere, broken anywhere, and sent piece by piece: what property tests of the wire draw from. */
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";

/** Where to cut; places beyond the end wrap around. */
export const places = fc.array(fc.nat(), { maxLength: 12 });

export function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const inside = at.map((place) => place % (bytes.length + 1));
  const ends = [...new Set([...inside, bytes.length])].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

interface Damage {
  flips: { at: number; byte: number }[];
  /** Of a thousand: how much of it comes at all. */
  kept: number;
}

export const damage: fc.Arbitrary<Damage> = fc.record({
  flips: fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 4 }),
  kept: fc.oneof(fc.constant(1_000), fc.nat(1_000)),
});

export function broken(bytes: Buffer, { flips, kept }: Damage): Buffer {
  const copy = Buffer.from(bytes.subarray(0, Math.ceil((bytes.length * kept) / 1_000)));
  for (const { at, byte } of flips) if (copy.length > 0) copy[at % copy.length] = byte;
  return copy;
}

/** Each piece in a turn of its own, so that it is, nearly always, a chunk of its own. */
export async function sendPieces(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (piece.length > 0 && socket.writable) socket.write(piece);
    await nextTurn();
  }
}
