/**
 * Finds the reference's steps in Mermaid's picture, where messages and notes stand in the order of
 * the text, and names them (`data-step`), and lights the ones that are happening.
 */
import type { Reference } from "../../../shared/patterns/reference.ts";

export function nameSteps(svg: SVGSVGElement, reference: Reference): void {
  const parts = {
    arrow: {
      words: [...svg.querySelectorAll(".messageText")],
      drawn: svg.querySelectorAll(".messageLine0, .messageLine1"),
    },
    note: {
      words: [...svg.querySelectorAll(".noteText")],
      drawn: svg.querySelectorAll("rect.note"),
    },
  };
  for (const step of reference.steps) {
    const { words, drawn } = parts[step.kind];
    for (const element of [...takeWords(words, step.words), drawn[step.index]]) {
      element?.setAttribute("data-step", step.id);
    }
  }
}

/** Words may be wrapped: as many of the next elements as it takes to say them. */
function takeWords(elements: Element[], words: string): Element[] {
  const letters = words.replace(/\s/g, "").length;
  const taken: Element[] = [];
  let said = 0;
  while (said < letters) {
    const next = elements.shift();
    if (next === undefined) break;
    taken.push(next);
    said += (next.textContent ?? "").replace(/\s/g, "").length;
  }
  return taken;
}

/** Mermaid's own rules name an id, so what is lit is said on the element itself. */
const LIT: Record<string, Record<string, string>> = {
  text: { fill: "var(--hue)", "font-weight": "700" },
  rect: { fill: "var(--hue-soft)", stroke: "var(--hue)", "stroke-width": "2.5px" },
  line: { stroke: "var(--hue)", "stroke-width": "3px" },
  path: { stroke: "var(--hue)", "stroke-width": "3px" },
};

export function lightSteps(picture: Element, lit: ReadonlySet<string>): void {
  for (const drawn of picture.querySelectorAll<SVGElement>("[data-step]")) {
    const on = lit.has(drawn.dataset.step ?? "");
    for (const [property, value] of Object.entries(LIT[drawn.tagName] ?? {})) {
      if (on) drawn.style.setProperty(property, value);
      else drawn.style.removeProperty(property);
    }
  }
}
