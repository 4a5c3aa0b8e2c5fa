/** A file's lines, with the lit ones in view. */
import { memo, useEffect, useMemo, useRef } from "react";
import { linesOf } from "../../../shared/patterns/code-place.ts";
import styles from "./CodePanel.module.css";
import { type Piece, tokenLines } from "./tokens.ts";

interface CodeTextProps {
  file: string;
  text: string;
  members: readonly string[];
}

export function CodeText({ file, text, members }: CodeTextProps) {
  const lines = useMemo(() => tokenLines(text), [text]);
  const lit = members.map((member) => linesOf(text, member)).filter((place) => place !== undefined);
  const newest = lit.at(-1)?.first;
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (newest === undefined) return;
    const line = scroller.current?.querySelector(`[data-line="${newest}"]`);
    // Not above the fold only by a little: code that is in view already stays where it is.
    if (line && !isInView(line, scroller.current)) line.scrollIntoView({ block: "start" });
  }, [newest]);
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      aria-label={file}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
      tabIndex={0}
    >
      <pre className={styles.code}>
        {lines.map((pieces, at) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
            key={at}
            number={at + 1}
            pieces={pieces}
            isLit={lit.some(({ first, last }) => at + 1 >= first && at + 1 <= last)}
          />
        ))}
      </pre>
    </section>
  );
}

const Line = memo(function Line(props: { number: number; pieces: Piece[]; isLit: boolean }) {
  const { number, pieces, isLit } = props;
  return (
    <code className={styles.line} data-line={number} data-lit={isLit || undefined}>
      {pieces.map(({ text, kind }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line never move.
        <span key={at} className={kind}>
          {text}
        </span>
      ))}
      {"\n"}
    </code>
  );
});

function isInView(line: Element, scroller: Element | null): boolean {
  if (scroller === null) return false;
  const { top, bottom } = scroller.getBoundingClientRect();
  const at = line.getBoundingClientRect().top;
  return at >= top && at < bottom - (bottom - top) / 3;
}
