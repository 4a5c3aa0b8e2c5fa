/**
 * The newest hops as Mermaid text and picture, to copy into a document. Refreshed at most once a
 * second, and only while it is looked at: Mermaid takes 100 ms for fifty hops.
 */
import { Copy, Download, Maximize2, Minimize2 } from "lucide-react";
import { useEffect, useState } from "react";
import { hopLabel } from "../../../shared/trace/hop-words.ts";
import { MERMAID_HOPS, rowsToMermaid } from "../../../shared/trace/mermaid.ts";
import type { HopRow } from "../../../shared/trace/rows.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { download } from "../../ui/download.ts";
import { MermaidPicture } from "../../ui/MermaidPicture.tsx";
import style from "./MermaidPanel.module.css";

const EVERY_MS = 1_000;
const COPIED_MS = 1_600;

export function MermaidPanel() {
  const text = useMermaidText();
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  useEffect(() => {
    if (copied === "no") return;
    const timer = setTimeout(() => setCopied("no"), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  // Thirteen lifelines in a panel's width are an overview; what they say is read at full size.
  const [fits, setFits] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied("yes"),
      () => setCopied("refused"),
    );
  };
  return (
    <div className={style.panel}>
      <div className={style.bar}>
        <p title="Freeze the view to keep it still.">Newest {MERMAID_HOPS} hops</p>
        <IconButton
          small
          name={fits ? "At its full size, to be read" : "All of it, as wide as the panel"}
          onPress={() => setFits(!fits)}
        >
          {fits ? <Maximize2 aria-hidden /> : <Minimize2 aria-hidden />}
        </IconButton>
        <Button small onPress={copy}>
          <Copy size={13} aria-hidden /> {COPY_WORDS[copied]}
        </Button>
        <Button
          small
          onPress={() => download([text], "text/vnd.mermaid", "realtime-playground.mmd")}
        >
          <Download size={13} aria-hidden /> .mmd
        </Button>
      </div>
      <section
        className={style.picture}
        aria-label="Picture"
        data-fits={fits}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        tabIndex={0}
      >
        <MermaidPicture
          text={text}
          label="The newest hops, drawn by Mermaid"
          fontPx={13}
          fallback={<p className={style.loading}>Mermaid is drawing …</p>}
        />
      </section>
      <textarea className={style.text} readOnly value={text} aria-label="Mermaid text" />
    </div>
  );
}

const COPY_WORDS = { no: "Copy", yes: "Copied", refused: "Not allowed: select the text" };

function useMermaidText(): string {
  const [text, setText] = useState(currentText);
  useEffect(() => {
    let drawnRevision = -1;
    const timer = setInterval(() => {
      const { revision } = traceStore.getState();
      if (revision === drawnRevision || document.hidden) return;
      drawnRevision = revision;
      setText(currentText());
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return text;
}

function currentText(): string {
  const { diagram, rowsShown } = traceStore.getState();
  const { sequence } = diagram;
  const end = rowsShown();
  // No more than is drawn of it: a recording's rows are many.
  const rows = sequence.rows.slice(Math.max(0, end - 3 * MERMAID_HOPS), end);
  return rowsToMermaid(rows, sequence.halves, labelOf);
}

function labelOf({ event }: HopRow): string {
  return hopLabel(event, viewStore.getState().lens, traceStore.getState().eventBySeq);
}
