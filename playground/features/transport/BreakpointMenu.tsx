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

interface Offer {
  breakpoint: Breakpoint;
  label: string;
  explain: string;
}

const USUAL: readonly Offer[] = [
  {
    breakpoint: { kind: "hop", hop: "sql.statement" },
    label: "Hold before the message store",
    explain: "Each statement of a replica waits, an INSERT first of all.",
  },
  {
    breakpoint: { kind: "hop", hop: "redis.push" },
    label: "Hold at a push of the broker",
    explain: "Stored and published: now the replicas are told.",
  },
  {
    breakpoint: { kind: "idle" },
    label: "Hold at an empty answer",
    explain: "A poll timeout has passed, and nobody said anything.",
  },
  {
    breakpoint: { kind: "reconnect" },
    label: "Hold when a client comes back",
    explain: "What it asks for next shows whether it catches up.",
  },
  {
    breakpoint: { kind: "loss" },
    label: "Hold after a loss",
    explain: "A hop did not arrive: look where it died.",
  },
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
        ...offered.map(({ breakpoint, label, explain }) => ({
          id: idOf(breakpoint),
          label,
          explain,
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
function ofHop(hop: TraceEvent | undefined): readonly Offer[] {
  if (hop === undefined) return [];
  const [message] = hop.messageIds ?? [];
  const breakpoints: Breakpoint[] = [
    ...(message === undefined ? [] : [{ kind: "message", message } as const]),
    { kind: "participant", participant: hop.from },
    { kind: "participant", participant: hop.to },
  ];
  return breakpoints.map((breakpoint) => ({
    breakpoint,
    label: `Hold at ${explainBreakpoint(breakpoint)}`,
    explain: "What the selected hop is about.",
  }));
}

function isIn(set: readonly Breakpoint[], breakpoint: Breakpoint): boolean {
  return set.some((one) => idOf(one) === idOf(breakpoint));
}

function idOf(breakpoint: Breakpoint): string {
  return Object.values(breakpoint).join(" ");
}
