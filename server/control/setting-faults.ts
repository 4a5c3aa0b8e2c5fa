/** Settings that are done on the wire, as faults that stand for as long as the setting does. Pure. */
import type { Settings } from "../../shared/contracts/settings.ts";
import type { FaultOrder } from "../../shared/faults/fault-state.ts";

/** No replica hears what another one publishes: the replicas themselves are left as they are. */
const ADAPTER_OFF: FaultOrder = {
  id: "adapter off",
  fault: { kind: "drop", link: { from: "replica:ws-*", to: "broker" }, direction: "down" },
  touched: 0,
};

export function settingFaults({ adapter }: Pick<Settings, "adapter">): FaultOrder[] {
  return adapter ? [] : [ADAPTER_OFF];
}
