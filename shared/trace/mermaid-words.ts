/**
 * Words made safe for Mermaid's sequence diagrams. Whatever a message says, the text parses and
 * shows it: `;` and `#` would end or cut a label, a line break would start a statement, and some
 * names are keywords. Entities (`#59;`) are Mermaid's own way to write such characters.
 */

const MAX_LABEL = 80;

/** Everything but letters, digits and plain punctuation that Mermaid reads as itself. */
const UNSAFE = /[^\p{L}\p{N} .,!?'“”‘’…×·→=/()[\]+*_–-]/gu;

export function mermaidLabel(text: string): string {
  const flat = text.replace(/\s+/gu, " ").trim();
  const short = [...flat].slice(0, MAX_LABEL).join("");
  const cut = short.length < flat.length ? `${short}…` : short;
  const safe = cut.replace(UNSAFE, (character) => `#${character.codePointAt(0) ?? 63};`);
  return safe === "" ? "(nothing)" : safe;
}

/** A participant's id: letters and digits only, and never a keyword (`end`), for it has a prefix. */
export function mermaidId(index: number): string {
  return `p${index}`;
}
