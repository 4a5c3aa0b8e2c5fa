import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HttpFramer } from "./http-framing.ts";
import { parseRequestHead, parseResponseHead } from "./http-head.ts";

interface Seen {
  /** One entry per unit: its bytes. */
  units: string[];
  heads: string[];
  refused: string | undefined;
}

/** Runs a framer over chunks and puts the units together again from what it says of them. */
function frame(
  framer: HttpFramer<{ body: number | "chunked" | "until-close" }>,
  chunks: Buffer[],
): Seen {
  const seen: Seen = { units: [], heads: [], refused: undefined };
  let unit: Buffer[] = [];
  for (const chunk of chunks) {
    framer.start();
    for (let from = 0, step = framer.next(chunk); step !== "more"; step = framer.next(chunk)) {
      if (step === "refused") {
        seen.refused = framer.refusal?.reason;
        return seen;
      }
      if (step === "head") {
        unit.push(framer.headBytes);
        seen.heads.push(framer.headBytes.toString("latin1"));
      } else if (step === "body") unit.push(chunk.subarray(from, framer.at));
      else {
        seen.units.push(Buffer.concat(unit).toString("latin1"));
        unit = [];
      }
      from = framer.at;
    }
  }
  return seen;
}

const requests = (chunks: Buffer[]) => frame(new HttpFramer(parseRequestHead), chunks);
const responses = (chunks: Buffer[], method = "GET") =>
  frame(new HttpFramer((head) => parseResponseHead(head, method)), chunks);

function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const bounds = [0, ...at, bytes.length];
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
}

const body = fc
  .uint8Array({ maxLength: 300 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));
const plainRequest = fc
  .constantFrom("GET", "HEAD", "DELETE")
  .map((method) => `${method} /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n`);
const lengthRequest = body.map(
  (text) => `POST /m HTTP/1.1\r\nhost: x\r\nContent-LENGTH:  ${text.length}\t\r\n\r\n${text}`,
);
const chunkedRequest = fc
  .tuple(
    fc.array(
      body.filter((text) => text.length > 0),
      { maxLength: 4 },
    ),
    fc.constantFrom("", "X-Sum: 1\r\n", "A: b\r\nC:\r\n"),
  )
  .map(([parts, trailers]) => {
    const chunks = parts.map((part) => `${part.length.toString(16)};n=v\r\n${part}\r\n`);
    return `PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\n${trailers}\r\n`;
  });
const aRequest = fc.oneof(plainRequest, lengthRequest, chunkedRequest);
const places = fc.array(fc.nat(), { maxLength: 40 });

describe("HTTP framing", () => {
  it("LB1 finds the same requests, byte for byte, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(aRequest, { maxLength: 6 }), places, (units, cuts) => {
        const bytes = Buffer.from(units.join(""), "latin1");
        const seen = requests(cut(bytes, cuts));
        expect(seen).toMatchObject({ units, refused: undefined });
      }),
    );
  });

  it("LB1 finds requests that come one byte at a time", () => {
    const unit =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n";
    const bytes = [...Buffer.from(unit + unit)].map((byte) => Buffer.from([byte]));
    expect(requests(bytes).units).toEqual([unit, unit]);
  });

  it.each([
    ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "GET"],
    ["none for HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD"],
    ["none for 204", "HTTP/1.1 204 No Content\r\n\r\n", "GET"],
    ["none for 304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "GET"],
    [
      "chunks with trailers",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n",
      "GET",
    ],
  ])("LB1 ends a response's body by %s", (_how, unit, method) => {
    const next = "HTTP/1.1 100 Continue\r\n\r\n";
    expect(responses([Buffer.from(unit + next, "latin1")], method).units).toEqual([unit, next]);
  });

  it("LB1 lets a response without length go on until its sender closes", () => {
    const framer = new HttpFramer((head) => parseResponseHead(head, "GET"));
    frame(framer, [Buffer.from("HTTP/1.1 200 OK\r\n\r\nabc"), Buffer.from("def")]);
    expect([framer.head?.body, framer.close(), framer.close()]).toEqual([
      "until-close",
      true,
      true,
    ]);
  });

  it("LB1 knows a body that was cut off from one that ended", () => {
    const framer = new HttpFramer((head) => parseResponseHead(head, "GET"));
    frame(framer, [Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")]);
    expect(framer.close()).toBe(false);
  });

  it("LB1 allows empty lines before a request, and keeps them", () => {
    const unit = "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (let place = 0; place < unit.length; place++) {
      expect(requests(cut(Buffer.from(unit), [place])).units).toEqual([unit]);
    }
  });

  const start = "POST / HTTP/1.1\r\nHost: x\r\n";
  it.each([
    ["a length and chunks", `${start}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`],
    ["chunks and a length", `${start}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n`],
    ["two different lengths", `${start}Content-Length: 3\r\nContent-Length: 4\r\n\r\n`],
    ["two equal lengths", `${start}Content-Length: 3\r\nContent-Length: 3\r\n\r\n`],
    ["a list of lengths", `${start}Content-Length: 3, 3\r\n\r\n`],
    ["a signed length", `${start}Content-Length: +3\r\n\r\n`],
    ["a hexadecimal length", `${start}Content-Length: 0x3\r\n\r\n`],
    ["an empty length", `${start}Content-Length:\r\n\r\n`],
    ["a length behind a no-break space", `${start}Content-Length: \xa03\r\n\r\n`],
    ["an absurd length", `${start}Content-Length: 99999999999999999999\r\n\r\n`],
    [
      "two transfer codings",
      `${start}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ],
    ["another coding", `${start}Transfer-Encoding: gzip, chunked\r\n\r\n`],
    ["a coding that looks like chunked", `${start}Transfer-Encoding: xchunked\r\n\r\n`],
    ["a coding with a vertical tab", `${start}Transfer-Encoding: \x0bchunked\r\n\r\n`],
    ["chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["a space before the colon", `${start}Content-Length : 3\r\n\r\n`],
    ["a folded header", `${start}X: a\r\n b\r\n\r\n`],
    ["a header without colon", `${start}Content-Length\r\n\r\n`],
    ["an empty header name", `${start}: x\r\n\r\n`],
    ["a bare LF between headers", "GET / HTTP/1.1\r\nHost: x\nContent-Length: 3\r\n\r\n"],
    ["a bare CR in a header", `${start}X: a\rContent-Length: 3\r\n\r\n`],
    ["a NUL", `${start}X: a\0b\r\n\r\n`],
    ["two hosts", `${start}Host: y\r\n\r\n`],
    ["no host", "GET / HTTP/1.1\r\nX: y\r\n\r\n"],
    ["a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["two spaces before the version", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"],
    ["HTTP/0.9", "GET /\r\n\r\n"],
    ["CONNECT", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["TLS", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n"],
    ["a head over 16 KiB", `${start}X: ${"a".repeat(17_000)}\r\n\r\n`],
    ["a head over 16 KiB that never ends", `${start}X: ${"a".repeat(17_000)}`],
    ["more than 100 headers", `${start}${"X: y\r\n".repeat(101)}\r\n`],
    ["nothing but empty lines", "\r\n".repeat(20)],
  ])("LB2 refuses %s, however it is cut", (_what, bytes) => {
    fc.assert(
      fc.property(places, (cuts) => {
        const seen = requests(cut(Buffer.from(bytes, "latin1"), cuts));
        expect(seen.refused).toBeTruthy();
        expect(seen.units).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  const chunked = `${start}Transfer-Encoding: chunked\r\n\r\n`;
  it.each([
    ["no size", "\r\n"],
    ["a size that is no number", "xyz\r\n"],
    ["a signed size", "-1\r\n"],
    ["a prefixed size", "0x1\r\na\r\n"],
    ["a space behind the size", "1 \r\na\r\n"],
    ["a size without CR", "1\na\r\n"],
    ["a size too large", `${"f".repeat(13)}\r\n`],
    ["a chunk longer than its size", "1\r\nab\r\n"],
    ["an LF alone behind a chunk", "1\r\na\n0\r\n\r\n"],
    ["a bare LF in an extension", "1;a\nb\r\na\r\n0\r\n\r\n"],
    ["a trailer that is no header", "0\r\nnot a header\r\n\r\n"],
    ["a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"],
    ["a trailer with a bare CR", "0\r\nA: b\rc\r\n\r\n"],
    ["trailers too long", `0\r\nA: ${"b".repeat(9_000)}\r\n\r\n`],
  ])("LB2 refuses a chunked body with %s", (_what, bytes) => {
    fc.assert(
      fc.property(places, (cuts) => {
        const seen = requests(cut(Buffer.from(chunked + bytes, "latin1"), cuts));
        expect(seen.refused).toBeTruthy();
        expect(seen.units).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it("LB2 neither throws nor loses its bounds over garbage", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 12 }), (chunks) => {
        const bytes = chunks.map((chunk) => Buffer.from(chunk));
        requests(bytes);
        responses(bytes);
      }),
    );
  });
});
