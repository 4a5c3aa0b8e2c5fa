/** Every row, in the order of the printed table. One more row is one more file and one more line. */
import type { BenchRow } from "../row.ts";
import { balancerRows } from "./balancer.ts";
import { deliveryRows } from "./deliveries.ts";
import { foldRows } from "./fold.ts";
import { lastClientRows } from "./last-client.ts";
import { memoryRows } from "./memory.ts";
import { programRows } from "./program.ts";
import { roundTripRows } from "./round-trips.ts";
import { turnaroundRows } from "./turnaround.ts";
import { virtualClientRows } from "./virtual-clients.ts";

export const ROWS: readonly BenchRow[] = [
  ...roundTripRows,
  ...deliveryRows,
  ...turnaroundRows,
  ...memoryRows,
  ...lastClientRows,
  ...balancerRows,
  ...virtualClientRows,
  ...programRows,
  ...foldRows,
];

/** Left out of a quick run: what takes too long for two minutes, or says little of a few clients. */
const SLOW = /-5000$|^memory-|^virtual-/;

export function rowsFor(size: "quick" | "full", only: string | undefined): BenchRow[] {
  if (only !== undefined) return ROWS.filter(({ id }) => id === only);
  return ROWS.filter(({ id }) => size === "full" || !SLOW.test(id));
}
