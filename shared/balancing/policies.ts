/**
 * How a load balancer chooses among replicas that are ready. Pure: the balancer brings the
 * candidates and a turn that counts up with each choice; nothing here knows of sockets or health.
 */
import type { Balancing } from "../contracts/settings.ts";

export interface Candidate {
  /** Requests in flight and open sockets. */
  connections: number;
}

/** Picks one of `candidates`; undefined only when there is none. `turn` breaks ties fairly. */
export type Policy = <C extends Candidate>(candidates: readonly C[], turn: number) => C | undefined;

const roundRobin: Policy = (candidates, turn) => candidates[turn % candidates.length];

const leastConnections: Policy = (candidates, turn) => {
  let best = candidates[turn % candidates.length];
  for (let step = 1; step < candidates.length; step++) {
    const other = candidates[(turn + step) % candidates.length];
    if (best && other && other.connections < best.connections) best = other;
  }
  return best;
};

export const POLICIES = {
  "round-robin": roundRobin,
  "least-connections": leastConnections,
} as const satisfies Record<Balancing, Policy>;
