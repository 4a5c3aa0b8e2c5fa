/** Nothing crosses, and nothing is lost: connections stay open and everything waits, in order. */
import type { Lasting, LinkFaultKind, OnLink } from "./fault-kind.ts";

export interface Stall extends OnLink, Lasting {
  kind: "stall";
}

export const stall: LinkFaultKind<Stall> = {
  on: "link",
  isCounted: false,
  name: "Stall",
  about: "Nothing crosses, heartbeats neither; all of it goes on, in order, when healed.",
  explain: () => "nothing crosses, all waits",
  parameters: {},
};
