/** Labels made to fit their arrow: a message's text is cut first, then all but the first words go. */

/** At least this much of a label is always written. */
const LEAST_CHARS = 4;

export function fitLabel(label: string, maxChars: number): string {
  const max = Math.max(LEAST_CHARS, maxChars);
  if (label.length <= max) return label;
  return shorterQuote(label, max) ?? fewerWords(label, max) ?? `${label.slice(0, max - 1)}…`;
}

/** `POST “a long te…”` */
function shorterQuote(label: string, max: number): string | undefined {
  const [, before = "", text = "", after = ""] = /^(.*?“)([^”]*)(”.*)$/u.exec(label) ?? [];
  const room = max - before.length - after.length - 1;
  return before === "" || room < 3 ? undefined : `${before}${text.slice(0, room)}…${after}`;
}

/** `PUBLISH messages:lobby` → `PUBLISH`; words of a sentence show that more was said. */
function fewerWords(label: string, max: number): string | undefined {
  const words = label.split(" ");
  const more = /^[A-Z]{2,}$/.test(words[0] ?? "") ? "" : "…";
  while (words.length > 1) {
    words.pop();
    const shorter = words.join(" ").replace(/[:,]$/, "") + more;
    if (shorter.length <= max && /\p{L}/u.test(shorter)) return shorter;
  }
  return undefined;
}
