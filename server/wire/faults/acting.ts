/**
 * What each fault on hops does to one that it meets: the acting half of `shared/faults`. One more
 * is one line of this table, which does not compile without it. Pure: queues, timers and sockets
 * are the fault control's and the links' affair.
 */
import type { HopFault } from "../../../shared/faults/faults.ts";
import { isTurn } from "../../../shared/faults/turns.ts";
import type { Admitted } from "../tap/gate.ts";

/** What becomes of a hop. It crosses, late or not, or waits until the fault is healed. */
export type Effect =
  | { kind: "late"; ms: number }
  | { kind: "waits" }
  | { kind: "lost" }
  | { kind: "doubled" };

export interface Met {
  hop: Admitted;
  /** How many hops it could have been done to, this one included. */
  turn(): number;
  /** 0 … 1. */
  random(): number;
}

type OfKind<Kind extends HopFault["kind"]> = Extract<HopFault, { kind: Kind }>;

const ACTING: {
  [Kind in HopFault["kind"]]: (fault: OfKind<Kind>, met: Met) => Effect | undefined;
} = {
  delay: ({ delayMs, jitterMs = 0 }, { random }) => {
    const ms = delayMs + (2 * random() - 1) * jitterMs;
    return { kind: "late", ms: Math.max(0, ms) };
  },
  stall: () => ({ kind: "waits" }),
  drop: (fault, { hop, turn }) =>
    isLosable(hop) && isTurn(fault, turn()) ? { kind: "lost" } : undefined,
  duplicate: (fault, { hop, turn }) =>
    isLosable(hop) && hop.drop?.effect === "lost" && isTurn(fault, turn())
      ? { kind: "doubled" }
      : undefined,
};

export function effectOf(fault: HopFault, met: Met): Effect | undefined {
  const act = ACTING[fault.kind] as (fault: HopFault, met: Met) => Effect | undefined;
  return act(fault, met);
}

/**
 * Set-up and heartbeats keep a connection alive: to lose those is to cut it, and there is a cut. The
 * same for what a Socket.IO server is asked over HTTP: its packets can be lost by themselves.
 */
function isLosable({ hop, drop, pattern }: Admitted): boolean {
  if (drop?.effect === "closes" && pattern === "web-sockets") return false;
  return drop !== undefined && hop?.info?.setup !== true && hop?.info?.heartbeat !== true;
}
