/**
 * The faults in force, in words, each with its button to heal it, and one that heals all. It is there
 * for as long as there is a fault, so that nobody wonders why the cluster behaves as it does.
 */
import { HeartPulse, X } from "lucide-react";
import { useStore } from "zustand";
import type { FaultView } from "../../../shared/faults/fault-state.ts";
import { useCommands } from "../../stores/commands.ts";
import { faultsStore } from "../../stores/faults-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { wholeNumber } from "../../ui/numbers.ts";
import { usePending } from "../../ui/use-pending.ts";
import styles from "./FaultsBar.module.css";

export function FaultsBar() {
  const faults = useStore(faultsStore, (state) => state.faults);
  const { healFault, healAll } = useCommands();
  const [isPending, run] = usePending();
  if (faults.length === 0) return null;
  return (
    <section className={styles.bar} aria-label="Faults in force">
      <p className={styles.title} role="status">
        <strong>{faults.length === 1 ? "1 fault" : `${wholeNumber(faults.length)} faults`}</strong>{" "}
        in force
      </p>
      <ul className={styles.list}>
        {faults.map((fault) => (
          <li key={fault.id} className={styles.fault}>
            <span>{fault.words}</span>
            <span className={styles.reach}>{reachWords(fault)}</span>
            <IconButton
              small
              name={`Heal: ${fault.words}`}
              onPress={() => void healFault(fault.id)}
            >
              <X aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button look="main" isPending={isPending} onPress={() => run(healAll)}>
        <HeartPulse aria-hidden /> Heal all
      </Button>
    </section>
  );
}

function reachWords({ kind, touched, waiting }: FaultView): string {
  if (waiting > 0) return `${wholeNumber(waiting)} wait`;
  if (touched === 0) return "";
  if (kind === "cut") return `${wholeNumber(touched)} ended`;
  return `${wholeNumber(touched)} ${touched === 1 ? "hop" : "hops"}`;
}
