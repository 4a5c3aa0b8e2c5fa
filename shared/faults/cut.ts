/** Connections over the link end, those that are open and those that come. */
import type { Counted, Lasting, LinkFaultKind, OnLink } from "./fault-kind.ts";
import { inOrder, roleOf } from "./link.ts";

export const CUT_ENDINGS = ["reset", "close"] as const;
export type CutEnding = (typeof CUT_ENDINGS)[number];

export interface Cut extends OnLink, Counted, Lasting {
  kind: "cut";
  /** `reset`: as if a cable broke behind a router that says so (RST). `close`: in good order (FIN). */
  how?: CutEnding;
}

export const cut: LinkFaultKind<Cut> = {
  on: "link",
  isCounted: true,
  name: "Cut",
  about: "Open connections end at once, and so do those that come.",
  explain: ({ how = "reset" }) => `every connection ${how === "reset" ? "is reset" : "is closed"}`,
  parameters: {
    how: { type: "choice", choices: CUT_ENDINGS, explain: "How connections end. Default: reset." },
  },
  refusal: ({ link, direction = "both" }) => {
    if (direction !== "both")
      return "A connection is cut in both directions at once: leave the direction out.";
    const { from, to } = inOrder(link);
    return roleOf(from) === "client" && roleOf(to) === "replica"
      ? "No connection joins client and replica: cut client and balancer, or balancer and replica."
      : undefined;
  },
};
