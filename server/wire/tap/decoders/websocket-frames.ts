/**
 * Finds the frames in one direction of a WebSocket (RFC 6455, 5.2). Bytes are counted, not changed;
 * a frame's payload is given, unmasked, when it is small enough to be worth looking at.
 */

export interface Frame {
  /** All of it, header included. */
  bytes: number;
  opcode: number;
  isFinal: boolean;
  /** RSV1: permessage-deflate. */
  isCompressed: boolean;
  /** Absent when it was too large. A view on the chunk where that is possible. */
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
  #header: Header | undefined;
  /** Start of a header that is not whole: at most 13 bytes. */
  #partial: Buffer = EMPTY;
  #left = 0;
  #pieces: Buffer[] = [];

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
      const take = Math.min(this.#left, chunk.length - at);
      if (take > 0 && header.payloadBytes <= MAX_PAYLOAD_BYTES)
        this.#keep(chunk.subarray(at, at + take));
      at += take;
      this.#left -= take;
      if (this.#left > 0) break;
      frames.push(this.#finish(header));
    }
    return frames;
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
    return at + header.bytes - before;
  }

  /** A payload that comes byte by byte would be more views than bytes: they are joined in time. */
  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    if (this.#pieces.length > MAX_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
  }

  #finish(header: Header): Frame {
    const pieces = this.#pieces;
    this.#header = undefined;
    this.#pieces = [];
    let payload: Buffer | undefined;
    if (header.payloadBytes <= MAX_PAYLOAD_BYTES) {
      const [only = EMPTY] = pieces;
      const bytes = pieces.length > 1 ? Buffer.concat(pieces) : only;
      payload = header.mask ? unmask(bytes, header.mask) : bytes;
    }
    return {
      bytes: header.bytes + header.payloadBytes,
      opcode: header.opcode,
      isFinal: header.isFinal,
      isCompressed: header.isCompressed,
      payload,
    };
  }
}
