/** A part of a chunk; the chunk itself where that is all of it, which saves making a view. */
export function part(chunk: Buffer, from: number, to: number): Buffer {
  return from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
}
