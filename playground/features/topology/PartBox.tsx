/** Broker or message store in the strip: its state, and what can be done to it. */
import { useStore } from "zustand";
import type { Part } from "../../../shared/contracts/control.ts";
import { FAULTS, type Fault } from "../../../shared/faults/faults.ts";
import { useCommands } from "../../stores/commands.ts";
import { type FaultOffer, faultsFor } from "../../stores/fault-presets.ts";
import { faultsStore } from "../../stores/faults-store.ts";
import { ActionMenu } from "../../ui/ActionMenu.tsx";
import type { Box } from "./places.ts";
import styles from "./Topology.module.css";

interface PartBoxProps {
  part: "broker" | "store";
  box: Box;
  state: Part;
  count: string;
}

const NAMES = { broker: "Broker", store: "Message store" } as const;

export function PartBox({ part, box, state, count }: PartBoxProps) {
  const faults = useStore(faultsStore, (all) => all.faults);
  const { addFault, healFault } = useCommands();
  const stopped = faults.find((fault) => fault.kind === "stop" && fault.target === part);
  const offers = [...stopOf(part, state, stopped), ...faultsFor({ from: "replica:*", to: part })];
  const { x: left, y: top, width, height } = box;
  return (
    <ActionMenu
      name={`${NAMES[part]}: ${count === "" ? state.state : count}`}
      className={styles.box}
      style={{ left, top, width, height }}
      data={{ "data-role": part, "data-down": state.state === "down" || undefined }}
      groups={[
        {
          title: "In force",
          actions: stopped
            ? [{ id: stopped.id, label: "Start again", explain: stopped.words }]
            : [],
        },
        { title: `${NAMES[part]} · ${state.note}`, actions: offers },
      ]}
      onAction={(id) => {
        const offer = offers.find((one) => one.id === id);
        void (offer === undefined ? healFault(id) : addFault(offer.fault));
      }}
    >
      <span className={styles.boxName}>{part}</span>
      <span className={styles.count}>{count}</span>
    </ActionMenu>
  );
}

/** Somebody else's is not ours to stop. */
function stopOf(part: "broker" | "store", state: Part, stopped: unknown): FaultOffer[] {
  if (state.given === true || stopped !== undefined) return [];
  const fault: Fault = { kind: "stop", target: part };
  return [{ id: "stop", label: FAULTS.stop.name, explain: FAULTS.stop.about, fault }];
}
