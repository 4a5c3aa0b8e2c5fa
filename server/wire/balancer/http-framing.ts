/**
 * Cuts one direction of an HTTP/1.1 connection into units (whole requests, or whole responses)
 * without copying bodies: it stands between a socket and the link that forwards. It is pulled:
 * the owner asks for the next step in a chunk until there is no more in it.
 * It decides nothing; what the bytes mean is the decoders' business.
 */
import { ChunkedBody } from "./chunked-body.ts";
import {
  type Body,
  type HeadLimits,
  OUR_HEADS,
  parseRequestHead,
  Refusal,
  type RequestHead,
} from "./http-head.ts";
import { part } from "./part.ts";

/**
 * - `more`: the chunk is used up.
 * - `head`: `framer.head` and `framer.headBytes` (with what earlier chunks brought of it).
 * - `body`: the bytes between the last position and `framer.at` belong to the body.
 * - `end`: the unit is whole.
 * - `refused`: `framer.refusal`; nothing after this can be trusted.
 */
export type Step = "more" | "head" | "body" | "end" | "refused";

const END_OF_HEAD = Buffer.from("\r\n\r\n");
const CR = 13;
const LF = 10;
/** Empty lines before a first line are allowed by RFC 9112 (2.2); a flood of them is not. */
const MAX_LEADING_BYTES = 8;

export class HttpFramer<H extends { body: Body }> {
  head: H | undefined;
  headBytes: Buffer = END_OF_HEAD;
  /** The head came in several chunks: `headBytes` is a copy, not a view on the current one. */
  headIsSplit = false;
  refusal: Refusal | undefined;
  /** How far the current chunk is read. */
  at = 0;
  readonly #parse: (head: Buffer) => H | Refusal;
  readonly #maxHeadBytes: number;
  /** Bytes of a head that is not whole yet, in a buffer that grows by doubling. */
  #pending: Buffer | undefined;
  #pendingBytes = 0;
  #left = 0;
  #chunked: ChunkedBody | undefined;

  constructor(parse: (head: Buffer) => H | Refusal, maxHeadBytes = OUR_HEADS.bytes) {
    this.#parse = parse;
    this.#maxHeadBytes = maxHeadBytes;
  }

  /** Nothing of a unit has come yet. */
  get atRest(): boolean {
    return this.head === undefined && this.#pendingBytes === 0;
  }

  /** Starts a new chunk; call `next` until it answers `more` or `refused`. */
  start(from = 0): void {
    this.at = from;
  }

  next(chunk: Buffer): Step {
    if (this.refusal) return "refused";
    const head = this.head;
    if (head === undefined) return this.at < chunk.length ? this.#readHead(chunk) : "more";
    if (head.body === "chunked") return this.#readChunked(chunk);
    if (head.body !== "until-close") {
      if (this.#left === 0) return this.#end();
      if (this.at >= chunk.length) return "more";
      const take = Math.min(this.#left, chunk.length - this.at);
      this.#left -= take;
      this.at += take;
      return "body";
    }
    if (this.at >= chunk.length) return "more";
    this.at = chunk.length;
    return "body";
  }

  /** The sender has closed: whether that ends the unit well. */
  close(): boolean {
    if (this.head?.body !== "until-close") return this.atRest;
    this.#end();
    return true;
  }

  #end(): Step {
    this.head = undefined;
    this.#chunked = undefined;
    return "end";
  }

  #refuse(refusal: Refusal): Step {
    this.refusal = refusal;
    return "refused";
  }

  #readChunked(chunk: Buffer): Step {
    this.#chunked ??= new ChunkedBody();
    if (this.#chunked.done) return this.#end();
    if (this.at >= chunk.length) return "more";
    this.at = this.#chunked.scan(chunk, this.at);
    const problem = this.#chunked.problem;
    return problem === undefined ? "body" : this.#refuse(new Refusal(400, problem));
  }

  #readHead(chunk: Buffer): Step {
    if (this.#pendingBytes === 0) {
      const start = leadingLineEnds(chunk, this.at);
      const end = start < 0 ? -1 : chunk.indexOf(END_OF_HEAD, start);
      if (end >= 0)
        return this.#takeHead(part(chunk, this.at, end + 4), start - this.at, end + 4, false);
    }
    return this.#collect(chunk);
  }

  /** A head over several chunks: only what is new is searched. */
  #collect(chunk: Buffer): Step {
    const before = this.#pendingBytes;
    const room = this.#maxHeadBytes + 1 - before;
    const taken = Math.min(room, chunk.length - this.at);
    this.#keep(chunk, this.at, taken);
    const pending = (this.#pending ?? END_OF_HEAD).subarray(0, this.#pendingBytes);
    const start = leadingLineEnds(pending, 0);
    if (start < 0) {
      if (pending.length > MAX_LEADING_BYTES)
        return this.#refuse(new Refusal(400, "only empty lines"));
    } else {
      const end = pending.indexOf(END_OF_HEAD, Math.max(start, before - 3));
      if (end >= 0) {
        this.#pending = undefined;
        this.#pendingBytes = 0;
        return this.#takeHead(
          pending.subarray(0, end + 4),
          start,
          this.at + end + 4 - before,
          true,
        );
      }
    }
    this.at += taken;
    if (this.#pendingBytes <= this.#maxHeadBytes) return "more";
    return this.#refuse(new Refusal(431, `a head over ${this.#maxHeadBytes / 1024} KiB`));
  }

  #keep(chunk: Buffer, from: number, count: number): void {
    const needed = this.#pendingBytes + count;
    if (this.#pending === undefined || this.#pending.length < needed) {
      const grown = Buffer.allocUnsafe(Math.max(needed, (this.#pending?.length ?? 256) * 2));
      this.#pending?.copy(grown, 0, 0, this.#pendingBytes);
      this.#pending = grown;
    }
    chunk.copy(this.#pending, this.#pendingBytes, from, from + count);
    this.#pendingBytes = needed;
  }

  /** `bytes`: the whole head; its first line starts at `start`. `next`: where the chunk goes on. */
  #takeHead(bytes: Buffer, start: number, next: number, isSplit: boolean): Step {
    if (start > MAX_LEADING_BYTES) return this.#refuse(new Refusal(400, "only empty lines"));
    if (bytes.length > this.#maxHeadBytes) {
      return this.#refuse(new Refusal(431, `a head over ${this.#maxHeadBytes / 1024} KiB`));
    }
    const head = this.#parse(bytes.subarray(start, bytes.length - 4));
    if (head instanceof Refusal) return this.#refuse(head);
    this.head = head;
    this.headBytes = bytes;
    this.headIsSplit = isSplit;
    this.#left = typeof head.body === "number" ? head.body : 0;
    this.at = next;
    return "head";
  }
}

/** Where the first line starts behind whole empty lines; -1 when there is nothing but those. */
function leadingLineEnds(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  const undecided = at >= bytes.length || (bytes[at] === CR && at + 1 >= bytes.length);
  return undecided ? -1 : at;
}

export function requestFramer(limits: HeadLimits): HttpFramer<RequestHead> {
  return new HttpFramer((head) => parseRequestHead(head, limits), limits.bytes);
}
