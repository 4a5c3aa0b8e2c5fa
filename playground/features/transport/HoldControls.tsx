/**
 * Holds the traffic itself, and sets its pace: what the freeze beside it does to the view, this does
 * to the wire. What waits is in the drawer above.
 */
import { Hand } from "lucide-react";
import { useStore } from "zustand";
import { clockRateOf } from "../../../shared/hold/hold-state.ts";
import { useCommands } from "../../stores/commands.ts";
import { holdStore } from "../../stores/hold-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/Select.tsx";
import { usePending } from "../../ui/use-pending.ts";
import { BreakpointMenu } from "./BreakpointMenu.tsx";
import styles from "./HoldControls.module.css";

const PACES = [
  { value: "0", label: "Full pace" },
  { value: "400", label: "0.4 s a hop" },
  { value: "1000", label: "1 s a hop" },
  { value: "3000", label: "3 s a hop" },
] as const;

export function HoldControls() {
  const held = useStore(holdStore, (hold) => hold.held);
  const paceMs = useStore(holdStore, (hold) => hold.paceMs);
  const isRecording = useStore(traceStore, ({ recording }) => recording !== null);
  const { hold } = useCommands();
  const [isPending, run] = usePending();
  return (
    <div className={styles.controls}>
      <Button
        look={held ? "main" : "plain"}
        aria-pressed={held}
        aria-keyshortcuts="h"
        isPending={isPending}
        isDisabled={isRecording}
        onPress={() => run(() => hold({ held: !held }))}
      >
        <Hand aria-hidden /> {held ? "Release traffic" : "Hold traffic"}
      </Button>
      <BreakpointMenu />
      <Select
        label="Pace"
        value={String(paceMs)}
        options={paceOptions(paceMs)}
        isDisabled={isRecording}
        onChange={(value) => run(() => hold({ paceMs: Number(value) }))}
      />
      {!held && paceMs > 0 && (
        <span className={styles.slow}>timers {slowness(paceMs)} × slower</span>
      )}
    </div>
  );
}

/** A pace that was set by the API has a place too. */
function paceOptions(paceMs: number) {
  const known = PACES.some(({ value }) => value === String(paceMs));
  return known ? PACES : [...PACES, { value: String(paceMs), label: `${paceMs / 1_000} s a hop` }];
}

function slowness(paceMs: number): number {
  return Math.round(10 / clockRateOf({ held: false, paceMs })) / 10;
}
