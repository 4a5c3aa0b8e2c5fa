/**
 * A pattern's reference diagram as its description draws it, with the step that is happening lit:
 * what the live diagram beside it is an instance of.
 */
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_GUIDES } from "../../../shared/patterns/guide.ts";
import type { Reference } from "../../../shared/patterns/reference.ts";
import { viewStore } from "../../stores/view-store.ts";
import { MermaidPicture } from "../../ui/MermaidPicture.tsx";
import { lightSteps, nameSteps } from "./name-steps.ts";
import style from "./ReferenceRail.module.css";
import { useLitSteps } from "./use-lit-steps.ts";

export function ReferenceRail({ pattern }: { pattern: Pattern }) {
  const { reference } = PATTERN_GUIDES[pattern];
  const lit = useLitSteps(pattern);
  const picture = useRef<HTMLDivElement>(null);
  const projector = useStore(viewStore, (view) => view.projector);

  useEffect(() => {
    if (picture.current !== null) lightSteps(picture.current, lit);
  }, [lit]);

  return (
    <section className={style.rail} data-pattern={pattern} aria-label={reference.title}>
      <h3>{reference.title}</h3>
      <div ref={picture} className={style.picture}>
        <MermaidPicture
          text={reference.mermaid}
          label={`The reference diagram: ${reference.title}`}
          fontPx={projector ? 24 : 12.5}
          narrow
          onDrawn={(svg) => nameSteps(svg, reference)}
          fallback={<Steps reference={reference} lit={lit} />}
        />
      </div>
      <details className={style.more}>
        <summary>How it works, for and against</summary>
        <Points title="How it works" points={reference.howItWorks.map((text) => ({ text }))} />
        <Points title="For" points={reference.pros} />
        <Points title="Against" points={reference.cons} />
      </details>
    </section>
  );
}

/** The same steps as a list, where there is no picture. */
function Steps({ reference, lit }: { reference: Reference; lit: ReadonlySet<string> }) {
  return (
    <ol className={style.steps}>
      {reference.steps.map((step) => (
        <li key={step.id} className={lit.has(step.id) ? "lit" : undefined}>
          {step.from === step.to ? step.from : `${step.from} → ${step.to}`}: {step.words}
        </li>
      ))}
    </ol>
  );
}

interface Titled {
  title?: string;
  text: string;
}

function Points({ title, points }: { title: string; points: readonly Titled[] }) {
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {points.map((point) => (
          <li key={point.text}>
            {point.title !== undefined && <b>{point.title}. </b>}
            {point.text}
          </li>
        ))}
      </ul>
    </>
  );
}
