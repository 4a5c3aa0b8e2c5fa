/** What can be done to one link, what is done to it now, and how either is asked for: for its menu. */
import { useStore } from "zustand";
import { effectWords } from "../../shared/faults/faults.ts";
import { type FaultLink, linkWords } from "../../shared/faults/link.ts";
import { useCommands } from "./commands.ts";
import { faultsFor, isOn } from "./fault-presets.ts";
import { faultsStore } from "./faults-store.ts";

export interface LinkFaults {
  /** `Replica lp-1 ↔ broker`. */
  name: string;
  /** Of the faults in force on just this link: `each hop 2 s late`. */
  inForce: readonly string[];
  groups: { title: string; actions: { id: string; label: string; explain: string }[] }[];
  act(id: string): void;
}

export function useLinkFaults(link: FaultLink): LinkFaults {
  const faults = useStore(faultsStore, (state) => state.faults);
  const { addFault, healFault } = useCommands();
  const healing = faults
    .filter((fault) => isOn(fault, link))
    .map((fault) => ({ id: fault.id, label: "Heal", explain: effectWords(fault) }));
  const offers = faultsFor(link);
  const words = linkWords(link, "both");
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  return {
    name,
    inForce: healing.map(({ explain }) => explain),
    groups: [
      { title: "In force", actions: healing },
      { title: name, actions: offers },
    ],
    act: (id) => {
      const offer = offers.find((one) => one.id === id);
      void (offer === undefined ? healFault(id) : addFault(offer.fault));
    },
  };
}
