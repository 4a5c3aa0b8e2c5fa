/**
 * Finds the end of a chunked body, trailers included, by counting; it copies and changes nothing.
 * Strict where readers differ: sizes are hexadecimal digits only, lines end in CRLF, trailers are
 * header lines. One object serves one body.
 */

type State =
  | "size"
  | "extension"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailer"
  | "trailer-lf";

const CR = 13;
const LF = 10;
const MAX_SIZE_DIGITS = 12;
const MAX_EXTENSION_BYTES = 256;
const MAX_TRAILER_BYTES = 8 * 1024;
const TRAILER_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/;

function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

export class ChunkedBody {
  /** Set when the bytes cannot be a chunked body: in plain words. */
  problem: string | undefined;
  done = false;
  #state: State = "size";
  #digits = 0;
  #size = 0;
  #lineBytes = 0;
  #trailerBytes = 0;
  #trailer = "";

  /** Scans from `from`; returns where the body ends in `bytes`, or their length when it goes on. */
  scan(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && !this.done && this.problem === undefined) {
      if (this.#state === "data") {
        const take = Math.min(this.#size, bytes.length - at);
        this.#size -= take;
        at += take;
        if (this.#size === 0) this.#state = "data-cr";
      } else {
        this.#take(bytes[at] ?? 0);
        at++;
      }
    }
    return at;
  }

  #take(byte: number): void {
    switch (this.#state) {
      case "size":
        this.#takeSize(byte);
        break;
      case "extension":
        this.#takeExtension(byte);
        break;
      case "size-lf":
        this.#expect(byte, LF, this.#size === 0 ? "trailer" : "data");
        break;
      case "data-cr":
        this.#expect(byte, CR, "data-lf");
        break;
      case "data-lf":
        this.#digits = 0;
        this.#lineBytes = 0;
        this.#expect(byte, LF, "size");
        break;
      case "trailer":
        this.#takeTrailer(byte);
        break;
      case "trailer-lf":
        this.#endTrailer(byte);
        break;
      case "data":
        break;
      default:
        this.#state satisfies never;
    }
  }

  #takeExtension(byte: number): void {
    if (byte === CR) this.#state = "size-lf";
    else if (byte < 32 && byte !== 9) this.problem = "a bad chunk extension";
    else if (++this.#lineBytes > MAX_EXTENSION_BYTES) this.problem = "a chunk extension too long";
  }

  #expect(byte: number, wanted: number, next: State): void {
    if (byte === wanted) this.#state = next;
    else this.problem = "a chunk that does not end where it says";
  }

  #takeSize(byte: number): void {
    const digit = hexValue(byte);
    if (digit >= 0 && this.#digits < MAX_SIZE_DIGITS) {
      this.#digits++;
      this.#size = this.#size * 16 + digit;
    } else if (this.#digits > 0 && byte === CR) this.#state = "size-lf";
    else if (this.#digits > 0 && byte === 59) this.#state = "extension";
    else this.problem = "a chunk size that is no size";
  }

  #takeTrailer(byte: number): void {
    if (++this.#trailerBytes > MAX_TRAILER_BYTES) this.problem = "trailers too long";
    else if (byte === CR) this.#state = "trailer-lf";
    else this.#trailer += String.fromCharCode(byte);
  }

  #endTrailer(byte: number): void {
    if (byte !== LF) this.problem = "a trailer with a bare CR";
    else if (this.#trailer === "") this.done = true;
    else if (!TRAILER_LINE.test(this.#trailer)) this.problem = "a trailer that is no header";
    else {
      this.#trailer = "";
      this.#state = "trailer";
    }
  }
}
