/**
 * Blanks what nobody should see in a head before its bytes are shown: credentials and cookies keep
 * their names and lose their values. The bytes that cross are not touched.
 */
import { blankQuery } from "../tap/decoders/secret-words.ts";

const SECRET_LINE = /^((?:authorization|proxy-authorization|cookie|set-cookie):)[^\r\n]*/gim;

export function blankHead(head: Buffer): Buffer {
  return Buffer.from(head.toString("latin1").replace(SECRET_LINE, "$1 (blanked)"), "latin1");
}

/** Of a stranger's request, also what its URL's query calls a secret. */
export function blankStrangersHead(head: Buffer): Buffer {
  const text = blankHead(head).toString("latin1");
  const lineEnd = text.indexOf("\r\n");
  return Buffer.from(blankQuery(text.slice(0, lineEnd)) + text.slice(lineEnd), "latin1");
}
