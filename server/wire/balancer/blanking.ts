/**
 * Blanks what nobody should see in a head before its bytes are shown: credentials and cookies keep
 * their names and lose their values. The bytes that cross are not touched.
 */

const SECRET_LINE = /^((?:authorization|proxy-authorization|cookie|set-cookie):)[^\r\n]*/gim;

export function blankHead(head: Buffer): Buffer {
  return Buffer.from(head.toString("latin1").replace(SECRET_LINE, "$1 (blanked)"), "latin1");
}
