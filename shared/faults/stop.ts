/** The broker or the message store ends as a process, and is started again when healed. */
import type { Lasting, PartFaultKind } from "./fault-kind.ts";

export interface Stop extends Lasting {
  kind: "stop";
  target: "broker" | "store";
}

export const stop: PartFaultKind<Stop> = {
  on: "part",
  targets: /^(?:broker|store)$/,
  name: "Stop",
  about: "Its process ends, and is started again when healed.",
  explain: () => "stopped",
  parameters: {},
};
