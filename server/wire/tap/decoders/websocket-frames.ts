/**
 * Finds the frames in one direction of a WebSocket (RFC 6455, 5.2). Bytes are counted, not changed;
 * a frame's payload is given, unmasked, when it is small enough to be worth looking at, and there is
 * room to keep what has come of it until it is whole.
 */
import type { ByteBudget } from "../byte-budget.ts";

export interface Frame {
  /** All of it, header included. */
  bytes: number;
  opcode: number;
  isFinal: boolean;
  /** RSV1: permessage-deflate. */
  isCompressed: boolean;
  /** Absent when it was too large, or there was no room. A view on the chunk where that is possible. */
  payload: Buffer | undefined;
}

const MAX_PAYLOAD_BYTES = 1024 * 1024;
const MAX_PIECES = 1_024;
const EMPTY = Buffer.alloc(0);
const KNOWN_OPCODES = new Set([0, 1, 2, 8, 9, 10]);

interface Header {
  bytes: number;
  opcode: number;
  isFinal: boolean;
  isCompressed: boolean;
  payloadBytes: number;
  mask: Buffer | undefined;
}

/** Undefined: more bytes are needed. */
function readHeader(bytes: Buffer, from: number): Header | undefined {
  const first = bytes[from];
  const second = bytes[from + 1];
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const size = 2 + extended + (isMasked ? 4 : 0);
  if (bytes.length - from < size) return undefined;
  const payloadBytes =
    extended === 0
      ? short
      : extended === 2
        ? bytes.readUInt16BE(from + 2)
        : Number(bytes.readBigUInt64BE(from + 2));
  return {
    bytes: size,
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    isCompressed: (first & 0x40) !== 0,
    payloadBytes,
    mask: isMasked ? bytes.subarray(from + size - 4, from + size) : undefined,
  };
}

function unmask(payload: Buffer, mask: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(payload.length);
  for (let at = 0; at < payload.length; at++) plain[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return plain;
}

export class FrameScanner {
  readonly #budget: ByteBudget;
  #header: Header | undefined;
  /** Start of a header that is not whole: at most 13 bytes. */
  #partial: Buffer = EMPTY;
  #left = 0;
  #pieces: Buffer[] = [];
  #kept = 0;
  /** The current frame is too large to look at, or there was no room for it. */
  #passes = false;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Frames that became whole with this chunk. Throws when these are no WebSocket frames. */
  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length || (this.#header && this.#left === 0)) {
      if (!this.#header) {
        const next = this.#readHeader(chunk, at);
        if (next < 0) break;
        at = next;
      }
      const header = this.#header;
      if (!header) break;
      const piece = chunk.subarray(at, at + this.#left);
      at += piece.length;
      this.#left -= piece.length;
      if (this.#left > 0) {
        this.#keep(piece, chunk.length);
        break;
      }
      frames.push(this.#finish(header, piece));
    }
    return frames;
  }

  /** The connection has ended: what was kept of a frame makes room for others. */
  drop(): void {
    this.#budget.leftBytes += this.#kept;
    this.#kept = 0;
    this.#pieces = [];
  }

  /** Where the payload begins in `chunk`; -1 when the header goes on in the next one. */
  #readHeader(chunk: Buffer, at: number): number {
    const before = this.#partial.length;
    const source =
      before === 0 ? chunk : Buffer.concat([this.#partial, chunk.subarray(at, at + 14)]);
    const header = readHeader(source, before === 0 ? at : 0);
    if (!header) {
      this.#partial = Buffer.from(before === 0 ? chunk.subarray(at) : source);
      return -1;
    }
    if (!KNOWN_OPCODES.has(header.opcode) || !Number.isSafeInteger(header.payloadBytes)) {
      throw new Error("these bytes are no WebSocket frames");
    }
    this.#partial = EMPTY;
    this.#header = header;
    this.#left = header.payloadBytes;
    this.#passes = header.payloadBytes > MAX_PAYLOAD_BYTES;
    return at + header.bytes - before;
  }

  #keep(piece: Buffer, chunkBytes: number): void {
    if (this.#passes) return;
    if (piece.length > this.#budget.leftBytes) {
      this.#passes = true;
      this.drop();
      return;
    }
    this.#budget.leftBytes -= piece.length;
    this.#kept += piece.length;
    // A small view would keep all of its chunk.
    this.#pieces.push(piece.length * 2 < chunkBytes ? Buffer.from(piece) : piece);
    // A payload that comes byte by byte would be more views than bytes: they are joined in time.
    if (this.#pieces.length > MAX_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
  }

  #finish(header: Header, last: Buffer): Frame {
    let payload: Buffer | undefined;
    if (!this.#passes) {
      const bytes = this.#pieces.length === 0 ? last : Buffer.concat([...this.#pieces, last]);
      payload = header.mask ? unmask(bytes, header.mask) : bytes;
    }
    this.#header = undefined;
    if (this.#kept > 0) this.drop();
    return {
      bytes: header.bytes + header.payloadBytes,
      opcode: header.opcode,
      isFinal: header.isFinal,
      isCompressed: header.isCompressed,
      payload,
    };
  }
}
