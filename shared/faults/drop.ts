/**
 * A Redis push or an uncompressed WebSocket packet does not arrive, though its connection lives. An
 * HTTP request or answer cannot be lost without its connection: that is closed instead.
 */
import type { Counted, Lasting, LinkFaultKind, OnLink } from "./fault-kind.ts";
import { linkPattern } from "./link.ts";
import { TURN_PARAMETERS, type Turns, turnsRefusal, turnWords, unitWords } from "./turns.ts";

export interface Drop extends OnLink, Turns, Counted, Lasting {
  kind: "drop";
}

export const drop: LinkFaultKind<Drop> = {
  on: "link",
  isCounted: true,
  name: "Drop",
  about: "A push or packet is lost, and its connection lives; an HTTP hop closes its connection.",
  explain: (fault) => {
    const closes = linkPattern(fault.link) === "long-polling" && unitWords(fault.link) !== "push";
    const words = turnWords(fault, unitWords(fault.link));
    return closes ? `${words} is lost, its connection closed` : `${words} is lost`;
  },
  parameters: TURN_PARAMETERS,
  refusal: (fault) => turnsRefusal(fault, "dropped"),
};
