/** Diagrams of sample traffic, and what a test looks at in them. */
import { DEFAULT_DIAGRAM, Diagram, type DiagramOptions } from "../diagram.ts";
import type { FoldRow, HopRow, Row } from "../rows.ts";
import type { SampleTraffic } from "./sample-traffic.ts";

export function diagramOf(traffic: SampleTraffic, options: Partial<DiagramOptions> = {}): Diagram {
  const diagram = new Diagram({ ...DEFAULT_DIAGRAM, ...options });
  diagram.append(traffic.take(), traffic.nowMs);
  diagram.place();
  return diagram;
}

export const hops = (diagram: Diagram): HopRow[] =>
  diagram.sequence.rows.filter((row): row is HopRow => row.kind === "hop");
export const labels = (diagram: Diagram): string[] => hops(diagram).map((row) => row.event.label);
export const kinds = (diagram: Diagram): Row["kind"][] =>
  diagram.sequence.rows.map((row) => row.kind);
export const folds = (diagram: Diagram): FoldRow[] =>
  diagram.sequence.rows.filter((row): row is FoldRow => row.kind === "fold");

/** Everybody's poll is answered empty and asked again, so many times. */
export function idleRounds(
  traffic: SampleTraffic,
  rounds: number,
  names: string[],
  everyMs = 10_000,
): void {
  for (let round = 0; round < rounds; round += 1) {
    traffic.nowMs += everyMs;
    for (const name of names) traffic.expire(name);
    for (const name of names) traffic.poll(name);
  }
}
