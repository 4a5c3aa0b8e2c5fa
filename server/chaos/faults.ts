/**
 * What chaos does to a cluster, as data: drawn from a seed, told in words. Doing it is `acts.ts`'
 * business. One more fault is one more kind here and one more line in each of the two tables.
 */
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { Random } from "./random.ts";

/** Processes of which there is one. */
export type Single = "wire" | "fleet" | "broker" | "store";

export type Fault =
  | { kind: "kill-replica"; pattern: Pattern; nth: number }
  | { kind: "freeze-replica"; pattern: Pattern; nth: number; forMs: number }
  | { kind: "restart-replica"; pattern: Pattern; nth: number }
  | { kind: "scale"; pattern: Pattern; to: number }
  | { kind: "kill"; part: Single }
  /** Stands still and comes back: connections stay open, nobody answers. */
  | { kind: "stall"; part: "broker" | "store"; forMs: number };

export type FaultKind = Fault["kind"];

export interface ChaosShape {
  /** Replicas of each pattern at the start. */
  replicas: number;
  /** The longest that anything stands still, ms. */
  longestMs: number;
}

type Draw = (random: Random, shape: ChaosShape) => Fault;

const pattern = (random: Random): Pattern => random.pick(PATTERNS);

const DRAWS = {
  "kill-replica": (random, { replicas }) => ({
    kind: "kill-replica",
    pattern: pattern(random),
    nth: random.between(0, replicas - 1),
  }),
  "freeze-replica": (random, { replicas, longestMs }) => ({
    kind: "freeze-replica",
    pattern: pattern(random),
    nth: random.between(0, replicas - 1),
    forMs: random.between(500, longestMs),
  }),
  "restart-replica": (random, { replicas }) => ({
    kind: "restart-replica",
    pattern: pattern(random),
    nth: random.between(0, replicas - 1),
  }),
  scale: (random, { replicas }) => ({
    kind: "scale",
    pattern: pattern(random),
    to: random.between(1, replicas + 2),
  }),
  kill: (random) => ({
    kind: "kill",
    part: random.pick(["wire", "fleet", "broker", "store"]),
  }),
  stall: (random, { longestMs }) => ({
    kind: "stall",
    part: random.pick(["broker", "store"]),
    forMs: random.between(500, longestMs),
  }),
} as const satisfies Record<FaultKind, Draw>;

/** Each single process is as likely as a kind of its own. */
const KINDS = [
  "kill-replica",
  "freeze-replica",
  "restart-replica",
  "scale",
  "kill",
  "kill",
  "kill",
  "stall",
] as const satisfies readonly [FaultKind, ...FaultKind[]];

/** Faults that begin one after another, each while those before it may still last. */
export function drawVolley(
  random: Random,
  shape: ChaosShape & { count: number },
): { fault: Fault; afterMs: number }[] {
  const { count, longestMs } = shape;
  return Array.from({ length: count }, (_, nth) => ({
    afterMs: nth === 0 ? 0 : random.between(0, longestMs),
    fault: DRAWS[random.pick(KINDS)](random, shape),
  }));
}

export function explain(fault: Fault): string {
  switch (fault.kind) {
    case "kill-replica":
      return `kill -9 of the ${fault.pattern} replica no. ${fault.nth + 1}`;
    case "freeze-replica":
      return `the ${fault.pattern} replica no. ${fault.nth + 1} frozen for ${fault.forMs} ms`;
    case "restart-replica":
      return `the ${fault.pattern} replica no. ${fault.nth + 1} drained and started anew`;
    case "scale":
      return `${fault.pattern} scaled to ${fault.to}`;
    case "kill":
      return `kill -9 of the ${fault.part}`;
    case "stall":
      return `the ${fault.part} stands still for ${fault.forMs} ms`;
    default:
      return fault satisfies never;
  }
}
