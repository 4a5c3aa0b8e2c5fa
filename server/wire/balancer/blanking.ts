/**
 * Blanks what nobody should see in a head before its bytes are shown: credentials and cookies keep
 * their names and lose their values. The bytes that cross are not touched.
 */
import { blankQuery, isSecretName } from "../tap/decoders/secret-words.ts";

const SECRET_LINE = /^((?:authorization|proxy-authorization|cookie|set-cookie):)[^\r\n]*/gim;

export function blankHead(head: Buffer): Buffer {
  return Buffer.from(head.toString("latin1").replace(SECRET_LINE, "$1 (blanked)"), "latin1");
}

const HEADER_LINE = /^([^\s:]+:)[^\r\n]*/gm;

/** Of a stranger's, also headers that are called like secrets, and the queries of URLs in any line. */
export function blankStrangersHead(head: Buffer): Buffer {
  const text = blankHead(head)
    .toString("latin1")
    .replace(HEADER_LINE, (line, name: string) =>
      isSecretName(name) ? `${name} (blanked)` : line,
    );
  return Buffer.from(blankQuery(text), "latin1");
}
