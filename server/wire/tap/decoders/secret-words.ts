/**
 * What is called like a secret loses its value before it is shown. Pure, and linear in what a stranger
 * sends: a head may have 256 KiB, and the whole wire waits while it is looked at. Rule TG15.
 */

const WORDS = "token|secret|password|passwd|passcode|api[-_]?key|signature";
const SECRET_NAME = new RegExp(WORDS, "i");
/** Where one parameter's value ends for certain. */
const NEXT_PIECE = /(?=[&\s])/;
const PARAMETER = /(?:^|[?&#;])([^?&#;=\s]*)=/g;
/** In JSON of any depth of quoting, in `name=value` and `name: value`. */
const SECRET_FIELD = new RegExp(`((?:${WORDS})[\\w-]*[\\\\"']*\\s*[:=]).*$`, "is");

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Values of parameters that are called like secrets; in a URL, or in the lines that hold one. */
export function blankQuery(text: string): string {
  if (!SECRET_NAME.test(text)) return text;
  return text.split(NEXT_PIECE).map(blankPiece).join("");
}

function blankPiece(piece: string): string {
  if (!piece.includes("=")) return piece;
  for (const { 0: upToValue, 1: name = "", index } of piece.matchAll(PARAMETER)) {
    if (isSecretName(name)) return `${piece.slice(0, index + upToValue.length)}***`;
  }
  return piece;
}

/** Of a short text whose form is unknown: shown up to the first secret's name, nothing behind it. */
export function blankText(text: string): string {
  return text.replace(SECRET_FIELD, "$1***");
}
