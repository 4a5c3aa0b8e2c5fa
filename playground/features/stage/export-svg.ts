/**
 * The stage as it is seen just now, as one picture that needs nothing else: what the page's styles
 * make of each shape is written into it, colours of the theme and fonts by their names included.
 */

/** What of a shape's style a picture needs. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "paint-order",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "text-anchor",
] as const;
const NAMESPACE = "http://www.w3.org/2000/svg";
const FONTS = /"?(Inter|JetBrains Mono) Variable"?/gu;

/** `null` while nothing is drawn. */
export function stageSvg(): string | null {
  const stage = document.querySelector("section[aria-roledescription='stage']");
  const scroller = stage?.querySelector("[role=application]");
  const drawn = scroller?.querySelector("svg");
  if (!stage || !scroller || !drawn) return null;
  const box = stage.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  const headsPx = [...stage.querySelectorAll("[data-head]")];
  const topPx = (headsPx[0]?.parentElement?.getBoundingClientRect().height ?? 0) + 4;
  const picture = element("svg", {
    xmlns: NAMESPACE,
    width: box.width,
    height: topPx + view.height,
    viewBox: `0 0 ${box.width} ${topPx + view.height}`,
  });
  const ground = getComputedStyle(stage).backgroundColor;
  picture.append(element("rect", { width: "100%", height: "100%", fill: ground }));
  const rows = copyOf(drawn);
  const at = drawn.getBoundingClientRect();
  // A picture within it cuts off what is scrolled out of sight.
  const window = element("svg", { y: topPx, width: box.width, height: view.height });
  place(rows, { x: at.left - box.left, y: at.top - view.top });
  window.append(rows);
  picture.append(window, ...headsPx.flatMap((head) => headOf(head, box)));
  return new XMLSerializer().serializeToString(picture);
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  place(made, attributes);
  return made;
}

function place(made: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
}

/** Shapes that only catch the pointer are left behind. */
function copyOf(original: Element): Element {
  const copy = original.cloneNode(false) as Element;
  const style = getComputedStyle(original);
  for (const name of [...copy.getAttributeNames()]) {
    if (
      name === "class" ||
      name === "style" ||
      name.startsWith("data-") ||
      name.startsWith("aria-")
    )
      copy.removeAttribute(name);
  }
  if (original.tagName !== "svg") {
    for (const name of STYLES)
      copy.setAttribute(name, style.getPropertyValue(name).replace(FONTS, "$1"));
  }
  for (const child of original.childNodes) {
    if (!(child instanceof Element)) copy.append(child.cloneNode(true));
    else if (isSeen(child)) copy.append(copyOf(child));
  }
  return copy;
}

const NOTHING = new Set(["none", "transparent", "rgba(0, 0, 0, 0)"]);

function isSeen(shape: Element): boolean {
  const { display, fill, stroke, visibility } = getComputedStyle(shape);
  if (display === "none" || visibility === "hidden") return false;
  return shape.tagName === "g" || !(NOTHING.has(fill) && NOTHING.has(stroke));
}

/** A lifeline's name, and what is counted below it. */
function headOf(head: Element, stage: DOMRect): SVGElement[] {
  return [...head.children].flatMap((line) => {
    const text = line.textContent ?? "";
    const box = line.getBoundingClientRect();
    const style = getComputedStyle(line);
    if (text === "") return [];
    const made = element("text", {
      x: box.left - stage.left + box.width / 2,
      y: box.top - stage.top + box.height * 0.76,
      "text-anchor": "middle",
      fill: style.color,
      "font-family": style.fontFamily.replace(FONTS, "$1"),
      "font-size": style.fontSize,
      "font-weight": style.fontWeight,
    });
    made.textContent = text;
    return [made];
  });
}
