/** Each hop crosses later than it came; what follows on its connection keeps its order behind it. */
import { msWords } from "../contracts/ms-words.ts";
import type { Counted, Lasting, LinkFaultKind, OnLink } from "./fault-kind.ts";

export interface Delay extends OnLink, Counted, Lasting {
  kind: "delay";
  delayMs: number;
  /** So much earlier or later, evenly spread. */
  jitterMs?: number;
}

export const delay: LinkFaultKind<Delay> = {
  on: "link",
  isCounted: true,
  name: "Delay",
  about: "Each hop crosses later than it came.",
  explain: ({ delayMs, jitterMs = 0 }) =>
    jitterMs > 0 && delayMs < 1_000 && jitterMs < 1_000
      ? `each hop ${delayMs} ± ${jitterMs} ms late`
      : `each hop ${msWords(delayMs)}${jitterMs > 0 ? ` ± ${msWords(jitterMs)}` : ""} late`,
  parameters: {
    delayMs: { type: "ms", min: 0, max: 60_000, isNeeded: true, explain: "How late each hop is." },
    jitterMs: { type: "ms", min: 0, max: 60_000, explain: "So much earlier or later, at random." },
  },
};
