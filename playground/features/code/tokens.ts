/** TypeScript as lines of coloured pieces. The grammar loads with the Code panel only. */
import typescript from "highlight.js/lib/languages/typescript";
import { createLowlight } from "lowlight";

export interface Piece {
  text: string;
  /** What it is, in highlight.js' words: `hljs-keyword`, `hljs-comment` …; absent for plain text. */
  kind: string | undefined;
}

const lowlight = createLowlight({ typescript });

type Nodes = ReturnType<typeof lowlight.highlight>["children"];

export function tokenLines(text: string): Piece[][] {
  const lines: Piece[][] = [[]];
  spread(lowlight.highlight("typescript", text.trimEnd()).children, undefined, lines);
  return lines;
}

/** Comments and templates go on over several lines. */
function spread(nodes: Nodes, kind: string | undefined, lines: Piece[][]): void {
  for (const node of nodes) {
    if (node.type === "element") spread(node.children, kindOf(node.properties), lines);
    if (node.type !== "text") continue;
    const [first = "", ...others] = node.value.split("\n");
    lines.at(-1)?.push({ text: first, kind });
    for (const other of others) lines.push([{ text: other, kind }]);
  }
}

function kindOf({ className }: { className?: unknown }): string | undefined {
  return Array.isArray(className) ? String(className[0]) : undefined;
}
