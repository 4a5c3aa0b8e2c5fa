/**
 * Where the traffic is to be held by itself: at kinds of things that happen, and at whom or what the
 * selected hop is about. The breakpoints that are set stand first, ticked, whoever set them.
 */
import { OctagonPause } from "lucide-react";
import { useStore } from "zustand";
import { explainBreakpoint } from "../../../shared/hold/breakpoints.ts";
import type { Breakpoint } from "../../../shared/hold/hold-state.ts";
import { sentence } from "../../../shared/patterns/names.ts";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { useCommands } from "../../stores/commands.ts";
import { holdStore } from "../../stores/hold-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { MenuButton } from "../../ui/MenuButton.tsx";
import styles from "./HoldControls.module.css";

const USUAL: readonly { breakpoint: Breakpoint; label: string }[] = [
  { breakpoint: { kind: "hop", hop: "sql.statement" }, label: "Hold at the store’s door" },
  { breakpoint: { kind: "hop", hop: "redis.push" }, label: "Hold at a push of the broker" },
  { breakpoint: { kind: "idle" }, label: "Hold at an empty answer" },
  { breakpoint: { kind: "reconnect" }, label: "Hold after a reconnection" },
  { breakpoint: { kind: "loss" }, label: "Hold after a loss" },
];

export function BreakpointMenu() {
  const set = useStore(holdStore, ({ breakpoints }) => breakpoints);
  const isRecording = useStore(traceStore, ({ recording }) => recording !== null);
  const selected = useStore(viewStore, (view) => view.selected);
  const { hold } = useCommands();
  const hop = selected === null ? undefined : traceStore.getState().eventBySeq(selected);
  const usual = USUAL.filter(({ breakpoint }) => !isIn(set, breakpoint));
  const offered = [...usual, ...ofHop(hop).filter(({ breakpoint }) => !isIn(set, breakpoint))];
  return (
    <MenuButton
      name={set.length === 0 ? "Breakpoints" : `Breakpoints: ${set.length} set`}
      isDisabled={isRecording}
      entries={[
        ...set.map((breakpoint) => ({
          id: idOf(breakpoint),
          label: `✓ ${sentence(explainBreakpoint(breakpoint))}`,
          explain: "Set. Choose it to take it away.",
          run: () => void hold({ breakpoints: set.filter((one) => one !== breakpoint) }),
        })),
        ...offered.map(({ breakpoint, label }) => ({
          id: idOf(breakpoint),
          label,
          explain: `Traffic is held at ${explainBreakpoint(breakpoint)}.`,
          run: () => void hold({ breakpoints: [...set, breakpoint] }),
        })),
      ]}
    >
      <OctagonPause aria-hidden />
      {set.length > 0 && <span className={styles.count}>{set.length}</span>}
    </MenuButton>
  );
}

/** What the selected hop is about. */
function ofHop(hop: TraceEvent | undefined): readonly { breakpoint: Breakpoint; label: string }[] {
  if (hop === undefined) return [];
  const [message] = hop.messageIds ?? [];
  const participants = [hop.from, hop.to].map((participant) => ({
    breakpoint: { kind: "participant", participant } as const,
    label: `Hold at ${participant}`,
  }));
  return message === undefined
    ? participants
    : [{ breakpoint: { kind: "message", message }, label: `Hold at ${message}` }, ...participants];
}

function isIn(set: readonly Breakpoint[], breakpoint: Breakpoint): boolean {
  return set.some((one) => idOf(one) === idOf(breakpoint));
}

function idOf(breakpoint: Breakpoint): string {
  return Object.values(breakpoint).join(" ");
}
