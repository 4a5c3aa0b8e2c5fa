/** Labels made to fit their arrow: the text of a message goes first, then all but the first word. */

/** At least this much of a label is always written. */
const LEAST_CHARS = 4;

export function fitLabel(label: string, maxChars: number): string {
  const max = Math.max(LEAST_CHARS, maxChars);
  if (label.length <= max) return label;
  const quoted = /^(.*?“)([^”]*)(”.*)$/u.exec(label);
  if (quoted !== null) {
    const [, before = "", text = "", after = ""] = quoted;
    const room = max - before.length - after.length - 1;
    if (room >= 3) return `${before}${text.slice(0, room)}…${after}`;
  }
  const words = label.split(" ");
  while (words.length > 1) {
    words.pop();
    const shorter = words.join(" ");
    if (shorter.length <= max && /[\p{L}\d\]]$/u.test(shorter)) return shorter;
  }
  return `${label.slice(0, max - 1)}…`;
}
