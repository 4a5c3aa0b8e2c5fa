/**
 * Keeps the bytes of one HTTP unit while it crosses, so that it can be looked at once it is whole:
 * views on chunks that are forwarded anyway. Bounded for each unit and, by a shared budget, over all;
 * what is over a bound crosses all the same and is not looked at.
 */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { ByteBudget } from "../tap/byte-budget.ts";
import type { Body } from "./http-head.ts";

const MAX_SAMPLE_BYTES = 1024 * 1024;
const MAX_PIECES = 1_024;
const NOTHING = Buffer.alloc(0);
const MAX_SHOWN_BYTES = 16 * 1024;

export class BodySample {
  readonly #budget: ByteBudget;
  /** Nearly always one piece, so the first has a place of its own. */
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #kept = 0;
  #headBytes = 0;
  #isWhole = true;
  /** Of the unit, kept or not. */
  bytes = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** A unit begins whose first `headBytes` bytes are its head. */
  begin(headBytes: number): void {
    this.drop();
    this.#headBytes = headBytes;
    this.#isWhole = true;
    this.bytes = 0;
  }

  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (!this.#isWhole) return;
    if (this.bytes > MAX_SAMPLE_BYTES || piece.length > this.#budget.leftBytes) {
      this.#isWhole = false;
      this.#shrink();
      return;
    }
    this.#kept += piece.length;
    this.#budget.leftBytes -= piece.length;
    if (this.#first === undefined) this.#first = piece;
    else {
      this.#more ??= [];
      this.#more.push(piece);
      // A body that comes byte by byte would take a hundred times its size.
      if (this.#more.length > MAX_PIECES) this.#join();
    }
  }

  /** The body as its sender meant it, or undefined when it cannot be looked at. */
  body(framing: Body, encoding: string | undefined): Buffer | undefined {
    if (!this.#isWhole) return undefined;
    const body = this.#join().subarray(this.#headBytes);
    const plain = framing === "chunked" ? joinChunks(body) : body;
    return encoding === undefined || !plain ? plain : decompress(plain, encoding);
  }

  /** What is kept of the unit, for showing; `blank` makes the head presentable. */
  shown(blank?: (head: Buffer) => Buffer): readonly Buffer[] {
    const whole = this.#join();
    if (!blank) return [whole];
    return [blank(whole.subarray(0, this.#headBytes)), whole.subarray(this.#headBytes)];
  }

  drop(): void {
    this.#budget.leftBytes += this.#kept;
    this.#first = undefined;
    this.#more = undefined;
    this.#kept = 0;
  }

  /** Too much: keep only what may be shown. */
  #shrink(): void {
    const start = Buffer.from(this.#join().subarray(0, MAX_SHOWN_BYTES));
    this.drop();
    this.#first = start;
  }

  #join(): Buffer {
    if (this.#first === undefined) return NOTHING;
    if (this.#more === undefined) return this.#first;
    this.#first = Buffer.concat([this.#first, ...this.#more]);
    this.#more = undefined;
    return this.#first;
  }
}

/** `chunked` is known to be well-formed. */
function joinChunks(chunked: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = chunked.indexOf("\r\n", at);
    const size =
      lineEnd < 0 ? Number.NaN : Number.parseInt(chunked.toString("latin1", at, lineEnd), 16);
    if (Number.isNaN(size)) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(chunked.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function decompress(body: Buffer, encoding: string): Buffer | undefined {
  const limit = { maxOutputLength: MAX_SAMPLE_BYTES };
  try {
    if (encoding === "gzip") return gunzipSync(body, limit);
    if (encoding === "deflate") return inflateSync(body, limit);
    if (encoding === "br") return brotliDecompressSync(body, limit);
  } catch {
    // Damaged, or too large when unpacked: then it is not looked at.
  }
  return encoding === "identity" ? body : undefined;
}
