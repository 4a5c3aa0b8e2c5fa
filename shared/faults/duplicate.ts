/** A Redis push or an uncompressed WebSocket packet arrives twice. */
import type { Counted, Lasting, LinkFaultKind, OnLink } from "./fault-kind.ts";
import { linkPattern } from "./link.ts";
import { TURN_PARAMETERS, type Turns, turnsRefusal, turnWords, unitWords } from "./turns.ts";

export interface Duplicate extends OnLink, Turns, Counted, Lasting {
  kind: "duplicate";
}

export const duplicate: LinkFaultKind<Duplicate> = {
  on: "link",
  isCounted: true,
  name: "Duplicate",
  about: "A push or packet arrives twice.",
  explain: (fault) => {
    const isPush = unitWords(fault.link) === "push";
    return `${turnWords(fault, isPush ? "push" : "packet")} arrives twice`;
  },
  parameters: TURN_PARAMETERS,
  refusal: (fault) => {
    const isHttp = linkPattern(fault.link) === "long-polling" && unitWords(fault.link) !== "push";
    return isHttp
      ? "A request has one answer: on HTTP links nothing can come twice. Duplicate pushes, or packets of WebSockets."
      : turnsRefusal(fault, "duplicated");
  },
};
