/**
 * Reads the head of one HTTP/1.1 request or response: the first line and the header lines, as
 * bytes that will be forwarded untouched. It says how the body is framed, and refuses whatever two
 * readers could understand differently, so that nothing can be smuggled past the balancer.
 * It rebuilds nothing and knows nothing of what the headers mean to an application.
 */

/** How a body ends: after so many bytes (0: there is none), after its last chunk, or at the close. */
export type Body = number | "chunked" | "until-close";

interface HeaderFacts {
  body: Body;
  /** Whether the sender means the connection to live on after this exchange. */
  keepAlive: boolean;
  /** Authorization or cookies are in it: to be blanked before anybody sees the bytes. */
  secret: boolean;
  encoding: string | undefined;
}

export interface RequestHead extends HeaderFacts {
  method: string;
  target: string;
  minor: 0 | 1;
  host: string | undefined;
  origin: string | undefined;
  traceparent: string | undefined;
  upgrade: boolean;
  expectContinue: boolean;
}

export interface ResponseHead extends HeaderFacts {
  status: number;
  /** Its body comes bit by bit, for as long as both want (`text/event-stream`). */
  isStream: boolean;
}

/** Why a head is refused, with the status that says so. */
export class Refusal {
  readonly status: 400 | 408 | 431 | 501;
  readonly reason: string;
  constructor(status: 400 | 408 | 431 | 501, reason: string) {
    this.status = status;
    this.reason = reason;
  }
}

export interface HeadLimits {
  bytes: number;
  headers: number;
}

export const OUR_HEADS: HeadLimits = { bytes: 16 * 1024, headers: 100 };
/** A stranger's server has limits of its own: these only bound what is kept. */
export const STRANGERS_HEADS: HeadLimits = { bytes: 256 * 1024, headers: 4_000 };

const REQUEST_LINE =
  /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.([01])$/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/;
const EVENT_STREAM = /^text\/event-stream\b/i;
const ENDS_IN_CHUNKS = /(^|,)[ \t]*chunked$/i;
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Control characters, and CR or LF that is not part of a CRLF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;

/** The headers that are read, and whether a second one makes the head ambiguous. */
const READ = {
  "content-length": "once",
  "transfer-encoding": "once",
  host: "once",
  origin: "once",
  connection: "list",
  upgrade: "list",
  expect: "list",
  traceparent: "list",
  "content-encoding": "list",
  "content-type": "list",
  authorization: "secret",
  "proxy-authorization": "secret",
  cookie: "secret",
  "set-cookie": "secret",
} as const;
type Name = keyof typeof READ;
type Headers = { [N in Name]?: string };

function isRead(name: string): name is Name {
  return Object.hasOwn(READ, name);
}

/** Only space and tab: `trim()` would also take characters that another reader keeps. */
function trimBlanks(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && (text[start] === " " || text[start] === "\t")) start++;
  while (end > start && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return text.slice(start, end);
}

/** `text` is the head without its last empty line; header lines start at `from`. */
function readHeaders(text: string, from: number, most: number): Headers | Refusal {
  const headers: Headers = {};
  let count = 0;
  for (let at = from; at < text.length; ) {
    let end = text.indexOf("\r\n", at);
    if (end < 0) end = text.length;
    if (++count > most) return new Refusal(431, `more than ${most} headers`);
    const colon = text.indexOf(":", at);
    const fullName = colon < 0 || colon > end ? "" : text.slice(at, colon);
    if (!FIELD_NAME.test(fullName)) {
      const folded = text[at] === " " || text[at] === "\t";
      return new Refusal(400, folded ? "a folded header" : "a header name that is no name");
    }
    const name = fullName.toLowerCase();
    if (isRead(name)) {
      const before = headers[name];
      if (before !== undefined && READ[name] === "once") {
        return new Refusal(400, `two ${name} headers`);
      }
      const value = trimBlanks(text, colon + 1, end);
      headers[name] = before === undefined ? value : `${before},${value}`;
    }
    at = end + 2;
  }
  return headers;
}

const isSecret = (headers: Headers) =>
  headers.authorization !== undefined ||
  headers.cookie !== undefined ||
  headers["set-cookie"] !== undefined ||
  headers["proxy-authorization"] !== undefined;

function readLength(length: string): number | Refusal {
  return /^\d{1,15}$/.test(length)
    ? Number(length)
    : new Refusal(400, "a length that is no length");
}

function hasOption(connection: string | undefined, option: string): boolean {
  if (connection === undefined || connection === option) return connection === option;
  return connection.split(",").some((each) => each.trim().toLowerCase() === option);
}

function staysOpen(minor: string | undefined, connection: string | undefined): boolean {
  return minor === "0" ? hasOption(connection, "keep-alive") : !hasOption(connection, "close");
}

function requestBody(headers: Headers, minor: string | undefined): Body | Refusal {
  if (headers["transfer-encoding"] === undefined)
    return headers["content-length"] === undefined ? 0 : readLength(headers["content-length"]);
  if (headers["content-length"] !== undefined)
    return new Refusal(400, "a length and chunks together");
  if (minor === "0") return new Refusal(400, "chunks in HTTP/1.0");
  if (headers["transfer-encoding"].toLowerCase() === "chunked") return "chunked";
  return ENDS_IN_CHUNKS.test(headers["transfer-encoding"])
    ? new Refusal(501, "an unknown transfer coding")
    : new Refusal(400, "a transfer coding that does not end in chunks");
}

/** `head` holds everything up to, not including, the empty line that ends it. */
export function parseRequestHead(head: Buffer, limits = OUR_HEADS): RequestHead | Refusal {
  const text = head.toString("latin1");
  if (FORBIDDEN.test(text))
    return new Refusal(400, "control characters or bare line ends in the head");
  const lineEnd = text.indexOf("\r\n");
  const line = REQUEST_LINE.exec(lineEnd < 0 ? text : text.slice(0, lineEnd));
  if (!line) return new Refusal(400, "a first line that is no HTTP/1.1 request");
  const [, method = "", target = "", minor] = line;
  if (method === "CONNECT") return new Refusal(501, "CONNECT is not offered here");
  const headers = readHeaders(text, lineEnd < 0 ? text.length : lineEnd + 2, limits.headers);
  if (headers instanceof Refusal) return headers;
  if (headers.host === undefined && minor === "1") return new Refusal(400, "no host");
  const body = requestBody(headers, minor);
  if (body instanceof Refusal) return body;
  return {
    method,
    target,
    minor: minor === "1" ? 1 : 0,
    body,
    keepAlive: staysOpen(minor, headers.connection),
    secret: isSecret(headers),
    encoding: headers["content-encoding"],
    host: headers.host,
    origin: headers.origin,
    traceparent: headers.traceparent,
    upgrade: headers.upgrade !== undefined && hasOption(headers.connection, "upgrade"),
    expectContinue: headers.expect?.toLowerCase() === "100-continue",
  };
}

function responseBody(
  headers: Headers,
  status: number,
  method: string,
  minor: string | undefined,
): Body | Refusal {
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return 0;
  if (headers["transfer-encoding"] === undefined)
    return headers["content-length"] === undefined
      ? "until-close"
      : readLength(headers["content-length"]);
  if (headers["content-length"] !== undefined)
    return new Refusal(400, "a length and chunks together");
  if (minor === "0") return new Refusal(400, "chunks in HTTP/1.0");
  return ENDS_IN_CHUNKS.test(headers["transfer-encoding"]) ? "chunked" : "until-close";
}

/** `method` is the one this answers: it decides whether a body follows. */
export function parseResponseHead(
  head: Buffer,
  method: string,
  limits = OUR_HEADS,
): ResponseHead | Refusal {
  const text = head.toString("latin1");
  if (FORBIDDEN.test(text))
    return new Refusal(400, "control characters or bare line ends in the head");
  const lineEnd = text.indexOf("\r\n");
  const line = STATUS_LINE.exec(lineEnd < 0 ? text : text.slice(0, lineEnd));
  if (!line) return new Refusal(400, "a first line that is no HTTP/1.1 answer");
  const headers = readHeaders(text, lineEnd < 0 ? text.length : lineEnd + 2, limits.headers);
  if (headers instanceof Refusal) return headers;
  const status = Number(line[2]);
  const body = responseBody(headers, status, method, line[1]);
  if (body instanceof Refusal) return body;
  return {
    status,
    body,
    keepAlive: body !== "until-close" && staysOpen(line[1], headers.connection),
    secret: isSecret(headers),
    encoding: headers["content-encoding"],
    isStream: EVENT_STREAM.test(headers["content-type"] ?? ""),
  };
}
