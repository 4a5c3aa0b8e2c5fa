/**
 * Mermaid, loaded when it is first needed (it is far larger than the page), in the page's colours.
 * One picture at a time: Mermaid's configuration is global.
 */
import type { Mermaid } from "mermaid";

let loading: Promise<Mermaid> | undefined;
let turn: Promise<unknown> = Promise.resolve();
let pictures = 0;

export interface MermaidLook {
  fontPx: number;
  /** As narrow as it can be, with wrapped words, scaled to its container; else its natural size. */
  narrow: boolean;
}

/** The SVG of a diagram, as markup that Mermaid has sanitised; rejects for text it cannot parse. */
export function drawMermaid(text: string, look: MermaidLook): Promise<string> {
  const draw = async () => {
    loading ??= import("mermaid").then((module) => module.default);
    const mermaid = await loading;
    mermaid.initialize(configuration(look));
    pictures += 1;
    const { svg } = await mermaid.render(`mermaid-${pictures}`, text);
    return svg;
  };
  const picture = turn.then(draw, draw);
  turn = picture.catch(() => undefined);
  return picture;
}

function configuration({ fontPx, narrow }: MermaidLook) {
  const colour = (name: string) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const [ink, mute, line, panel, field] = [
    "--ink",
    "--mute",
    "--line-strong",
    "--panel",
    "--field",
  ].map(colour);
  return {
    startOnLoad: false,
    securityLevel: "strict" as const,
    theme: "base" as const,
    fontFamily: colour("--sans"),
    maxTextSize: 50_000,
    // Mermaid's general size wins over the sequence diagram's own three.
    fontSize: fontPx,
    sequence: {
      // Without the second row of heads, Mermaid ends lifelines after 2,000 px.
      mirrorActors: !narrow,
      useMaxWidth: narrow,
      wrap: narrow,
      wrapPadding: 4,
      diagramMarginX: 8,
      diagramMarginY: 8,
      actorMargin: narrow ? 44 : 40,
      messageMargin: narrow ? 14 : 24,
      boxMargin: narrow ? 5 : 6,
      boxTextMargin: 3,
      noteMargin: 6,
      height: 30,
      width: narrow ? 78 : 90,
    },
    themeVariables: {
      fontSize: `${fontPx}px`,
      background: panel,
      primaryColor: panel,
      primaryTextColor: ink,
      primaryBorderColor: line,
      lineColor: line,
      textColor: ink,
      actorBkg: panel,
      actorBorder: line,
      actorTextColor: ink,
      actorLineColor: line,
      signalColor: mute,
      signalTextColor: ink,
      labelBoxBkgColor: field,
      labelBoxBorderColor: line,
      labelTextColor: mute,
      loopTextColor: mute,
      noteBkgColor: field,
      noteBorderColor: line,
      noteTextColor: ink,
    },
  };
}
