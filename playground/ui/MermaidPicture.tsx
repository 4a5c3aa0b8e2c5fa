/** A Mermaid diagram, drawn in the page's colours; words instead while it loads or cannot be drawn. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import style from "./MermaidPicture.module.css";
import { drawMermaid } from "./mermaid.ts";
import { useThemeName } from "./use-theme-name.ts";

const NARROW_SCALE = 0.9;

interface Props {
  text: string;
  label: string;
  fontPx: number;
  narrow?: boolean;
  onDrawn?(svg: SVGSVGElement): void;
  fallback?: ReactNode;
}

type State = { is: "drawing" } | { is: "drawn" } | { is: "failed"; why: string };

export function MermaidPicture({ text, label, fontPx, narrow = false, onDrawn, fallback }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;
  const [state, setState] = useState<State>({ is: "drawing" });
  const theme = useThemeName();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours.
  useEffect(() => {
    let wanted = true;
    drawMermaid(text, { fontPx, narrow }).then(
      (markup) => {
        const svg = parse(markup);
        if (!wanted || place.current === null || svg === null) return;
        // Mermaid's least distances are generous: a narrow picture is drawn smaller, its words larger.
        if (narrow) svg.style.maxWidth = `${svg.viewBox.baseVal.width * NARROW_SCALE}px`;
        place.current.replaceChildren(svg);
        drawn.current?.(svg);
        setState({ is: "drawn" });
      },
      (error: unknown) => {
        if (wanted) setState({ is: "failed", why: String(error) });
      },
    );
    return () => {
      wanted = false;
    };
  }, [text, fontPx, narrow, theme]);

  return (
    <>
      <div ref={place} className={style.picture} role="img" aria-label={label} />
      {state.is !== "drawn" && fallback}
      {state.is === "failed" && (
        <p className={style.failed}>Mermaid cannot draw this: {state.why}</p>
      )}
    </>
  );
}

/** Mermaid has sanitised it (`securityLevel: strict`); parsing runs no script either. */
function parse(markup: string): SVGSVGElement | null {
  const svg = new DOMParser().parseFromString(markup, "text/html").querySelector("svg");
  return svg === null ? null : document.importNode(svg, true);
}
