/** What is said to whoever asks for more clients than the system's limit on open files allows. */
import type { Fleet } from "../../shared/contracts/control.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import { OPEN_FILES_LIMIT } from "../wire/contract.ts";

/** The sentence; undefined where all will fit, or nobody knows. */
export function tooManyForFiles(fleet: Fleet, limits: Metrics["limits"]): string | undefined {
  const limit = limits[OPEN_FILES_LIMIT]?.limit;
  const wanted = fleet["long-polling"] + fleet["web-sockets"];
  if (limit === undefined || wanted <= limit) return undefined;
  return `${grouped(wanted)} clients are wanted, but only ${grouped(limit)} will be let in: each takes two of the open files that the system allows the wire (ulimit -n). Raise that limit and start again.`;
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}
