/** HTTP/1.1 exchanges for tests: what a client and a server may say to each other, in bytes. */
import fc from "fast-check";

const body = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));
const trailers = fc.constantFrom("", "X-Sum: 1\r\n", "A: b\r\nC:\r\n");

const chunks = fc.tuple(fc.array(body, { maxLength: 4 }), trailers).map(([parts, behind]) => {
  const lines = parts.map((part) => `${part.length.toString(16)};n=v\r\n${part}\r\n`);
  return `${lines.join("")}0\r\n${behind}\r\n`;
});

const framed = (start: string) =>
  fc.oneof(
    body.map((text) => `${start}Content-LENGTH:  ${text.length}\r\n\r\n${text}`),
    chunks.map((text) => `${start}transfer-encoding: chunked\r\n\r\n${text}`),
  );

const post = fc
  .constantFrom("/messages?room=lobby", "/socket.io/?EIO=4&transport=polling&sid=x", "/%zz?a=%")
  .chain((path) => framed(`POST ${path} HTTP/1.1\r\nhOsT: x\r\nX-Odd:  kept \r\n`));
const get = fc
  .constantFrom(
    "/messages?after=1e3",
    "/socket.io/?EIO=4&transport=polling",
    "/?replica=",
    "/a?b&&=c",
  )
  .map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
const head = fc.constant("HEAD /messages HTTP/1.1\r\nHost: x\r\n\r\n");

const interim = fc.constantFrom(
  "",
  "HTTP/1.1 102 Processing\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
);
const bare = fc.constantFrom(
  "HTTP/1.1 204 No Content\r\n\r\n",
  "HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n",
);
const full = fc
  .constantFrom("200 OK", "201 Created", "400", "503 Service Unavailable")
  .chain((status) => framed(`HTTP/1.1 ${status}\r\nX-oDD:  kept \r\n`));

export interface HttpExchange {
  request: Buffer;
  response: Buffer;
}

const joined = (parts: [string, string, string]): HttpExchange => ({
  request: Buffer.from(parts[0], "latin1"),
  response: Buffer.from(parts[1] + parts[2], "latin1"),
});

export const httpExchange: fc.Arbitrary<HttpExchange> = fc.oneof(
  fc.tuple(fc.oneof(post, get), interim, fc.oneof(full, full, bare)).map(joined),
  fc
    .tuple(head, interim, fc.constant("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"))
    .map(joined),
);

/** Ends with the connection: only good as the last one. */
export const closeDelimited: fc.Arbitrary<HttpExchange> = fc
  .tuple(
    get,
    interim,
    body.map((text) => `HTTP/1.1 200 OK\r\n\r\n${text}`),
  )
  .map(joined);
