/** A replica's process stands still with all its connections open, and is thawed when healed. */
import type { Lasting, PartFaultKind } from "./fault-kind.ts";

export interface Freeze extends Lasting {
  kind: "freeze";
  target: `replica:${string}`;
}

export const freeze: PartFaultKind<Freeze> = {
  on: "part",
  targets: /^replica:(?:lp|ws)-\d{1,3}$/,
  name: "Freeze",
  about: "Its process stands still (SIGSTOP), its connections stay open; thawed when healed.",
  explain: () => "frozen",
  parameters: {},
};
