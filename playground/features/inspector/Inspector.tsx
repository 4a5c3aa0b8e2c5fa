/**
 * One hop, told: what it is in plain words, when and how large, its bytes, what led to it and what
 * it led to, and where the time of its message went.
 */
import { X } from "lucide-react";
import { useRef } from "react";
import { useStore } from "zustand";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { hopSentence, lostWords, perturbedWords } from "../../../shared/trace/hop-words.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { selectHop, viewStore } from "../../stores/view-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { participantName } from "../../ui/names.ts";
import { bytesWords, durationWords } from "../../ui/numbers.ts";
import { BudgetBars } from "./BudgetBars.tsx";
import { HopLinks } from "./HopLinks.tsx";
import styles from "./Inspector.module.css";
import { budgetOf } from "./latency-budget.ts";
import { RawHop } from "./RawHop.tsx";

export function Inspector() {
  const selected = useStore(viewStore, (view) => view.selected);
  if (selected === null) return <Nothing />;
  return <Hop seq={selected} />;
}

function Nothing() {
  return (
    <div className={styles.empty}>
      <p>Click an arrow in the diagram, or walk to one with the arrow keys.</p>
      <p>
        Here you read what it was: its bytes, what led to it, what it led to, and where its
        message’s time went.
      </p>
    </div>
  );
}

function Hop({ seq }: { seq: number }) {
  const trace = useStore(traceStore);
  const title = useRef<HTMLHeadingElement>(null);
  const event = trace.eventBySeq(seq);
  if (event === undefined) return <Gone seq={seq} />;
  // The pressed link goes with its list: the focus moves to what is now told.
  const follow = (next: number) => {
    selectHop(next);
    title.current?.focus();
  };
  const budget =
    event.traceId === undefined ? null : budgetOf(trace.story(event.traceId), trace.eventBySeq);
  return (
    <article className={styles.hop} data-pattern={event.pattern}>
      <header className={styles.head}>
        <h3 ref={title} tabIndex={-1} className={styles.title}>
          {event.label}
        </h3>
        <LetGo />
      </header>
      <p className={styles.words}>{hopSentence(event, trace.eventBySeq)}</p>
      <Facts event={event} />
      {budget !== null && budget.bars.length > 1 && <BudgetBars budget={budget} />}
      {/* Above the bytes, whose height differs from hop to hop: who follows a story clicks here. */}
      <HopLinks
        title="Caused by"
        none="nothing that was seen"
        events={trace.causesOf(seq)}
        onFollow={follow}
      />
      <HopLinks title="Caused" none="nothing yet" events={trace.effectsOf(seq)} onFollow={follow} />
      <RawHop key={seq} seq={seq} />
    </article>
  );
}

/** Selected, but not in the page's window: too old, cleared, or not come yet. */
function Gone({ seq }: { seq: number }) {
  const isRecorded = useStore(traceStore, ({ recording }) => recording !== null);
  return (
    <div className={styles.empty}>
      <div className={styles.head}>
        <p>
          Hop {seq} is not here.{" "}
          {isRecorded
            ? "The recording does not hold it;"
            : "The page keeps the newest 20,000 hops since the last reset;"}{" "}
          click another arrow in the diagram.
        </p>
        <LetGo />
      </div>
      <RawHop key={seq} seq={seq} />
    </div>
  );
}

function LetGo() {
  return (
    <IconButton small name="Let go of this hop" hotkey="Esc" onPress={() => selectHop(null)}>
      <X aria-hidden />
    </IconButton>
  );
}

function Facts({ event }: { event: TraceEvent }) {
  const lost = lostWords(event);
  const perturbed = perturbedWords(event);
  return (
    <dl className={styles.facts}>
      <dt>way</dt>
      <dd>
        {participantName(event.from)} → {participantName(event.to)}
      </dd>
      <dt>crossed</dt>
      <dd>
        at {(event.at / 1_000).toFixed(3)} s, took{" "}
        {durationWords(Math.max(0, event.doneAt - event.at))}
      </dd>
      <dt>hop</dt>
      <dd>
        {event.seq} · {event.kind} · {bytesWords(event.bytes)}
      </dd>
      {lost !== undefined && (
        <>
          <dt>lost</dt>
          <dd className={styles.bad}>✕ {lost}</dd>
        </>
      )}
      {perturbed !== undefined && (
        <>
          <dt>perturbed</dt>
          <dd>{perturbed}</dd>
        </>
      )}
      {event.traceId !== undefined && (
        <>
          <dt>trace</dt>
          <dd className={styles.mono}>
            {event.traceId} <FollowMessage traceId={event.traceId} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Leaves out every hop that is not of this message, until it is let go of. */
function FollowMessage({ traceId }: { traceId: string }) {
  const isFollowed = useStore(viewStore, (view) => view.follow === traceId);
  return (
    <Button
      small
      aria-pressed={isFollowed}
      onPress={() => viewStore.setState({ follow: isFollowed ? null : traceId })}
    >
      {isFollowed ? "Show all hops" : "Follow this message"}
    </Button>
  );
}
