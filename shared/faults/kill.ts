/** A replica ends at once and says nothing to anybody. An act: nothing is left to be healed. */
import type { PartFaultKind } from "./fault-kind.ts";

export interface Kill {
  kind: "kill";
  target: `replica:${string}`;
}

export const kill: PartFaultKind<Kill> = {
  on: "part",
  isAct: true,
  targets: /^replica:(?:lp|ws)-\d{1,3}$/,
  name: "Kill",
  about: "SIGKILL: it ends at once and says nothing to anybody.",
  explain: () => "killed",
  parameters: {},
};
