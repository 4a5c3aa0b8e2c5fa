/**
 * The Postgres frontend/backend protocol 3.x, cut into its messages (here called commands and
 * answers: a "message" is only the chat message). Pure; knows lengths and types, not meanings.
 *
 * The first bytes of a connection have no type byte: startup, SSL request, cancel. The server
 * answers an SSL request with one bare byte. Both are the caller's to announce.
 */
import { KeptBytes } from "./kept-bytes.ts";

export interface PgPart {
  /** One letter; `startup` for what has no type byte; `bare` for the single byte after an SSL request. */
  type: string;
  /** The part, framing included; only its beginning when `truncated`. */
  bytes: Buffer;
  length: number;
  truncated: boolean;
}

class PgError extends Error {
  override name = "PgError";
}

export type PgMode = "typed" | "startup" | "bare";

const MAX_PART_BYTES = 1024 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

export class PgFramer {
  /** How the next part begins. */
  mode: PgMode;
  readonly #maxKept: number;
  readonly #kept: KeptBytes;
  #head: Buffer = NOTHING;
  #left = 0;
  #type = "";

  constructor(mode: PgMode, maxKeptBytes = 64 * 1024) {
    this.mode = mode;
    this.#maxKept = maxKeptBytes;
    this.#kept = new KeptBytes(maxKeptBytes);
  }

  /**
   * Calls `onPart` for each part that became whole; it may change `mode` for the next one.
   * Throws `PgError` on what cannot be Postgres.
   */
  push(chunk: Buffer, onPart: (part: PgPart) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left === 0) at = this.#whole(chunk, at, onPart) ?? this.#begin(chunk, at, onPart);
      else {
        const piece = chunk.subarray(at, at + this.#left);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#left === 0) onPart(this.#take(piece));
        else this.#kept.keep(piece);
      }
    }
  }

  /** Nearly always a part lies whole in a chunk: it is given as a view. Returns where it ends. */
  #whole(chunk: Buffer, at: number, onPart: (part: PgPart) => void): number | undefined {
    const headLength = this.mode === "startup" ? 4 : 5;
    const isSimple = this.mode !== "bare" && this.#head.length === 0;
    if (!isSimple || chunk.length - at < headLength) return undefined;
    const length = headLength - 4 + readLength(chunk, at + headLength - 4);
    if (length > this.#maxKept || length > chunk.length - at) return undefined;
    const type = this.mode === "startup" ? "startup" : readType(chunk[at]);
    onPart({ type, bytes: chunk.subarray(at, at + length), length, truncated: false });
    return at + length;
  }

  /** Reads type and length of the next part; they may come in pieces. */
  #begin(chunk: Buffer, at: number, onPart: (part: PgPart) => void): number {
    if (this.mode === "bare") {
      const bytes = chunk.subarray(at, at + 1);
      onPart({ type: "bare", bytes, length: 1, truncated: false });
      return at + 1;
    }
    const headLength = this.mode === "startup" ? 4 : 5;
    const piece = chunk.subarray(at, at + headLength - this.#head.length);
    const head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    if (head.length < headLength) {
      this.#head = Buffer.from(head);
      return at + piece.length;
    }
    this.#head = NOTHING;
    this.#type = this.mode === "startup" ? "startup" : readType(head[0]);
    this.#left = readLength(head, headLength - 4) - 4;
    if (this.#left === 0) onPart(this.#take(head));
    else this.#kept.keep(head);
    return at + piece.length;
  }

  #take(last: Buffer): PgPart {
    this.#kept.keep(last);
    return { type: this.#type, ...this.#kept.take() };
  }
}

function readLength(bytes: Buffer, at: number): number {
  const length = bytes.readInt32BE(at);
  if (length < 4 || length > MAX_PART_BYTES) throw new PgError(`a part of ${length} bytes`);
  return length;
}

function readType(byte = 0): string {
  const letter = byte | 0x20;
  const isKnown = (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
  if (!isKnown) throw new PgError("an unknown type byte");
  return String.fromCharCode(byte);
}

/** Reads the fields of one part. Past its end everything is empty or zero, never an error. */
export class PgReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(part: PgPart) {
    this.#bytes = part.bytes;
    this.#at = part.type === "startup" ? 4 : 5;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  int16(): number {
    this.#at += 2;
    return this.#at <= this.#bytes.length ? this.#bytes.readInt16BE(this.#at - 2) : 0;
  }

  int32(): number {
    this.#at += 4;
    return this.#at <= this.#bytes.length ? this.#bytes.readInt32BE(this.#at - 4) : 0;
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const stop = end < 0 ? this.#bytes.length : end;
    const text = this.#bytes.toString("utf8", this.#at, stop);
    this.#at = stop + 1;
    return text;
  }

  letter(): string {
    this.#at += 1;
    return this.#bytes.toString("latin1", this.#at - 1, this.#at);
  }

  skipValue(): void {
    const length = this.int32();
    if (length > 0) this.#at += length;
  }

  /** A value with its length before it; null for SQL's NULL. */
  value(): Buffer | null {
    const length = this.int32();
    if (length < 0) return null;
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }
}
