/**
 * Finds where one RESP unit (a command, a reply, a push) ends and the next begins, however the
 * bytes are cut into chunks. It measures; it does not build values: that is `resp.ts`.
 * The broker tap and the embedded broker both stand on it.
 *
 * Bounded: nesting, element counts and line lengths have limits, and of a unit longer than
 * `maxKeptBytes` only the beginning is kept, though its end is still found.
 */
import { KeptBytes } from "./kept-bytes.ts";

export interface RespUnit {
  /** The unit's bytes, framing included; only the beginning when `truncated`. */
  bytes: Buffer;
  /** Bytes on the wire. */
  length: number;
  truncated: boolean;
}

/** What was read is no RESP. The words are Redis' own, so that a server can send them back. */
export class RespError extends Error {
  override name = "RespError";
}

export interface RespFramerOptions {
  /** `requests` may be inline (`PING\r\n`), and are arrays of bulk strings otherwise. */
  role: "requests" | "replies";
  maxKeptBytes?: number;
  maxBulkBytes?: number;
  maxElements?: number;
  maxDepth?: number;
}

const MAX_LINE_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const LF = 0x0a;
const ASTERISK = 0x2a;
const DOLLAR = 0x24;

export class RespFramer {
  readonly #requests: boolean;
  readonly #maxKept: number;
  /** Of the unit that is not whole yet. */
  readonly #kept: KeptBytes;
  readonly #maxBulk: number;
  readonly #maxElements: number;
  readonly #maxDepth: number;
  /** Bytes of a bulk still to pass over, its CRLF included. */
  #toSkip = 0;
  /** Beginning of a line whose end has not come yet. */
  #line: Buffer = NOTHING;
  /** Elements still missing in each open aggregate, outermost first. */
  #missing: number[] = [];

  constructor(options: RespFramerOptions) {
    this.#requests = options.role === "requests";
    this.#maxKept = options.maxKeptBytes ?? 1024 * 1024;
    this.#kept = new KeptBytes(this.#maxKept);
    this.#maxBulk = options.maxBulkBytes ?? 512 * 1024 * 1024;
    this.#maxElements = options.maxElements ?? 1024 * 1024;
    this.#maxDepth = options.maxDepth ?? 32;
  }

  /** Bytes read of the unit that is not whole yet. */
  get pendingBytes(): number {
    return this.#kept.length;
  }

  /**
   * Calls `onUnit` for each unit that became whole with this chunk. Throws `RespError` after those
   * that came before what is no RESP; the framer is of no use then.
   */
  push(chunk: Buffer, onUnit: (unit: RespUnit) => void): void {
    let begin = 0;
    let at = 0;
    while (at < chunk.length) {
      const next = this.#toSkip > 0 ? this.#skip(chunk, at) : this.#readLine(chunk, at);
      at = next.at;
      if (next.whole && this.#closesUnit()) {
        onUnit(this.#take(chunk.subarray(begin, at)));
        begin = at;
      }
    }
    if (begin < chunk.length) this.#kept.keep(chunk.subarray(begin));
  }

  #skip(chunk: Buffer, at: number): { at: number; whole: boolean } {
    const step = Math.min(this.#toSkip, chunk.length - at);
    this.#toSkip -= step;
    return { at: at + step, whole: this.#toSkip === 0 };
  }

  #readLine(chunk: Buffer, at: number): { at: number; whole: boolean } {
    const end = chunk.indexOf(LF, at);
    const rest = chunk.subarray(at, end < 0 ? chunk.length : end + 1);
    const line = this.#line.length === 0 ? rest : Buffer.concat([this.#line, rest]);
    if (line.length > MAX_LINE_BYTES) throw new RespError(this.#tooLong());
    if (end < 0) {
      this.#line = Buffer.from(line);
      return { at: chunk.length, whole: false };
    }
    this.#line = NOTHING;
    return { at: end + 1, whole: this.#head(line) };
  }

  #tooLong(): string {
    return `Protocol error: too big ${this.#requests ? "inline request" : "line"}`;
  }

  /** Reads the first line of a value; true when the value is whole with it. */
  #head(line: Buffer): boolean {
    const type = line[0] ?? 0;
    if (this.#requests) return this.#requestHead(type, line);
    switch (String.fromCharCode(type)) {
      case "+":
      case "-":
      case ":":
      case "_":
      case "#":
      case ",":
      case "(":
        return true;
      case "$":
      case "=":
      case "!":
        return this.#bulk(readLength(line, "invalid bulk length"));
      case "*":
      case "~":
      case ">":
        return this.#aggregate(this.#count(line));
      case "%":
        return this.#aggregate(2 * this.#count(line));
      case "|": // an attribute stands before the value it belongs to
        return this.#aggregate(2 * Math.max(0, this.#count(line)) + 1);
      default:
        throw new RespError(`Protocol error: unknown type byte ${type}`);
    }
  }

  #requestHead(type: number, line: Buffer): boolean {
    if (this.#missing.length === 0) {
      return type === ASTERISK ? this.#aggregate(this.#count(line)) : true;
    }
    if (type !== DOLLAR) {
      throw new RespError(`Protocol error: expected '$', got '${String.fromCharCode(type)}'`);
    }
    const length = readLength(line, "invalid bulk length");
    if (length < 0) throw new RespError("Protocol error: invalid bulk length");
    return this.#bulk(length);
  }

  #bulk(length: number): boolean {
    if (length > this.#maxBulk) throw new RespError("Protocol error: invalid bulk length");
    if (length < 0) return true;
    this.#toSkip = length + 2;
    return false;
  }

  #count(line: Buffer): number {
    const count = readLength(line, "invalid multibulk length");
    if (count > this.#maxElements) throw new RespError("Protocol error: invalid multibulk length");
    return count;
  }

  #aggregate(elements: number): boolean {
    if (elements <= 0) return true;
    if (this.#missing.length >= this.#maxDepth) throw new RespError("Protocol error: too deep");
    this.#missing.push(elements);
    return false;
  }

  /** A value has become whole: does it complete the aggregates around it, and so the unit? */
  #closesUnit(): boolean {
    const missing = this.#missing;
    while (missing.length > 0) {
      const last = missing.length - 1;
      const left = (missing[last] ?? 1) - 1;
      missing[last] = left;
      if (left > 0) return false;
      missing.pop();
    }
    return true;
  }

  #take(last: Buffer): RespUnit {
    if (this.#kept.length === 0 && last.length <= this.#maxKept) {
      return { bytes: last, length: last.length, truncated: false };
    }
    this.#kept.keep(last);
    return this.#kept.take();
  }
}

/** The number after the type byte. -1 is RESP2's null. */
function readLength(line: Buffer, problem: string): number {
  const end = line[line.length - 2] === 0x0d ? line.length - 2 : line.length - 1;
  if (end === 3 && line[1] === 0x2d && line[2] === 0x31) return -1;
  let value = 0;
  for (let at = 1; at < end; at++) {
    const digit = (line[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9 || at > 10) throw new RespError(`Protocol error: ${problem}`);
    value = value * 10 + digit;
  }
  if (end < 2) throw new RespError(`Protocol error: ${problem}`);
  return value;
}
