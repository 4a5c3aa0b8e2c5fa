/**
 * The hops that wait while traffic is held, the next one first: what each is, what comes next, and
 * what may be done with it. It opens by itself, and is there for as long as anything is held.
 */
import { ChevronsRight, Play, StepForward, Timer, Trash2 } from "lucide-react";
import { useStore } from "zustand";
import { explainBreakpoint } from "../../../shared/hold/breakpoints.ts";
import { explainStep } from "../../../shared/hold/explain.ts";
import type { DropEffect, HoldState, WaitingStep } from "../../../shared/hold/hold-state.ts";
import { shortNameOf } from "../../../shared/patterns/names.ts";
import { useCommands } from "../../stores/commands.ts";
import { holdStore } from "../../stores/hold-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { wholeNumber } from "../../ui/numbers.ts";
import styles from "./HoldDrawer.module.css";

const AUTO_STEP_MS = 2_000;
const MOST_ROWS = 30;

export function HoldDrawer() {
  const state = useStore(holdStore);
  if (!state.held) return null;
  const shown = state.waiting.slice(0, MOST_ROWS);
  const next = shown.find(({ isBehind }) => !isBehind);
  return (
    <section className={styles.drawer} aria-label="Held traffic">
      <Actions state={state} next={next} />
      {shown.length === 0 ? (
        <p className={styles.empty}>
          Held. Nothing is on its way. Send a message and step it, hop by hop.
        </p>
      ) : (
        <ol className={styles.steps}>
          {shown.map((step) => (
            <Row key={step.id} step={step} isNext={step === next} />
          ))}
          {state.steps > shown.length && (
            <li className={styles.more}>and {wholeNumber(state.steps - shown.length)} more</li>
          )}
        </ol>
      )}
    </section>
  );
}

function Actions({ state, next }: { state: HoldState; next: WaitingStep | undefined }) {
  const { hold, step } = useCommands();
  const isTarget = useStore(viewStore, (view) => view.shown === "target");
  const isAuto = state.autoStepMs > 0;
  const message = next?.messageIds?.[0] ?? next?.traceId;
  return (
    <header className={styles.head}>
      <p className={styles.title} role="status">
        <strong>{countWords(state)}</strong>{" "}
        <span className={styles.why}>
          {state.hit ? `Held at ${explainBreakpoint(state.hit)}.` : timerWords(isTarget)}
          {state.full > 0 && ` ${state.full} links are full: their senders wait.`}
        </span>
      </p>
      <div className={styles.actions}>
        <Button
          look="main"
          aria-keyshortcuts="n"
          isDisabled={next === undefined}
          onPress={() => void step({ count: 1 })}
        >
          <StepForward aria-hidden /> Next hop
        </Button>
        <Button
          isDisabled={message === undefined}
          onPress={() => message !== undefined && void step({ message })}
        >
          <ChevronsRight aria-hidden /> Next of this message
        </Button>
        <Button
          look={isAuto ? "main" : "plain"}
          aria-pressed={isAuto}
          onPress={() => void hold({ autoStepMs: isAuto ? 0 : AUTO_STEP_MS })}
        >
          <Timer aria-hidden /> Auto-step, 2 s
        </Button>
        <Button onPress={() => void hold({ held: false, autoStepMs: 0 })}>
          <Play aria-hidden /> Release all
        </Button>
      </div>
    </header>
  );
}

function timerWords(isTarget: boolean): string {
  return isTarget ? "Your server's own timers go on." : "Protocol timers stand still.";
}

function countWords({ steps }: HoldState): string {
  if (steps === 0) return "Traffic is held.";
  return `Traffic is held: ${wholeNumber(steps)} ${steps === 1 ? "hop waits" : "hops wait"}.`;
}

function Row({ step, isNext }: { step: WaitingStep; isNext: boolean }) {
  const { step: take } = useCommands();
  const { words, next } = explainStep(step);
  return (
    <li
      className={styles.step}
      data-next={isNext}
      data-behind={step.isBehind}
      data-pattern={step.pattern}
    >
      <span className={styles.way}>
        {shortNameOf(step.from)} → {shortNameOf(step.to)}
        {step.count > 1 && <b> ×{step.count}</b>}
      </span>
      <span className={styles.words}>
        {words}
        {isNext && <span className={styles.then}> Then: {next}</span>}
      </span>
      <span className={styles.buttons}>
        {!isNext && !step.isBehind && (
          <IconButton small name="Let this one through" onPress={() => void take({ id: step.id })}>
            <StepForward aria-hidden />
          </IconButton>
        )}
        {step.drop && !step.isBehind && (
          <IconButton
            small
            name={DROP_WORDS[step.drop]}
            onPress={() => void take({ id: step.id, drop: true })}
          >
            <Trash2 aria-hidden />
          </IconButton>
        )}
        {step.isBehind && <span className={styles.behind}>after one before it</span>}
      </span>
    </li>
  );
}

const DROP_WORDS: Record<DropEffect, string> = {
  lost: "Drop it: it is lost",
  closes: "Drop it: its connection is closed",
};
