/**
 * Keeps the bytes of one HTTP unit while it crosses, so that it can be looked at once it is whole:
 * views on chunks that are forwarded anyway. Bounded for each unit and, by a shared budget, over all;
 * what is over a bound crosses all the same and is not looked at.
 */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { Body } from "./http-head.ts";

export const MAX_SAMPLE_BYTES = 1024 * 1024;
const MAX_SHOWN_BYTES = 16 * 1024;

/** Bytes that all samples of a balancer may hold together. */
export interface SampleBudget {
  leftBytes: number;
}

export function createSampleBudget(leftBytes = 64 * 1024 * 1024): SampleBudget {
  return { leftBytes };
}

export class BodySample {
  readonly #budget: SampleBudget;
  #pieces: Buffer[] = [];
  #kept = 0;
  #headBytes = 0;
  #isWhole = true;
  /** Of the unit, kept or not. */
  bytes = 0;

  constructor(budget: SampleBudget) {
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
    const fits = this.bytes <= MAX_SAMPLE_BYTES && piece.length <= this.#budget.leftBytes;
    if (this.#isWhole && fits) {
      this.#pieces.push(piece);
      this.#kept += piece.length;
      this.#budget.leftBytes -= piece.length;
    } else if (this.#isWhole) {
      this.#isWhole = false;
      this.#shrink();
    }
  }

  /** The body as its sender meant it, or undefined when it cannot be looked at. */
  body(framing: Body, encoding: string | undefined): Buffer | undefined {
    if (!this.#isWhole) return undefined;
    const whole = this.#join();
    const body = whole.subarray(this.#headBytes);
    const plain = framing === "chunked" ? joinChunks(body) : body;
    return encoding === undefined || !plain ? plain : decompress(plain, encoding);
  }

  /** The first bytes of the unit, for showing. */
  shown(): readonly Buffer[] {
    return this.#pieces;
  }

  head(): Buffer {
    return this.#join().subarray(0, this.#headBytes);
  }

  drop(): void {
    this.#budget.leftBytes += this.#kept;
    this.#pieces = [];
    this.#kept = 0;
  }

  /** Too much: keep only what may be shown. */
  #shrink(): void {
    const start = Buffer.from(this.#join().subarray(0, MAX_SHOWN_BYTES));
    this.drop();
    this.#pieces = [start];
  }

  #join(): Buffer {
    const [first] = this.#pieces;
    if (this.#pieces.length === 1 && first) return first;
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
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
