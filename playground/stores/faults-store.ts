/** The faults in force and those that ended last, as the control plane last said. */
import { createStore } from "zustand/vanilla";
import { type FaultState, NO_FAULTS } from "../../shared/faults/fault-state.ts";

export const faultsStore = createStore<FaultState>()(() => NO_FAULTS);

export function takeFaults({ faults, past }: FaultState): void {
  faultsStore.setState({ faults, past });
}
