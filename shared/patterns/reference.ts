/**
 * A pattern's reference diagram as data: the Mermaid text as it was written, and its steps in the
 * order they stand in that text, so that the page can light the one that is happening. Which hop is
 * which step is told by each pattern's own `reference.ts`; nothing here draws.
 */
import type { TraceEvent } from "../trace/event.ts";

export type ReferenceRole = "Client" | "Server" | "Broker";

export interface ReferenceStep<Id extends string = string> {
  id: Id;
  /** A line of the diagram: an arrow, or a note over a lifeline. */
  kind: "arrow" | "note";
  /** Its place among the diagram's arrows, or among its notes, from 0, in the text's order. */
  index: number;
  from: ReferenceRole;
  to: ReferenceRole;
  /** The words of that line. */
  words: string;
  /** The step that a client adds to this one by itself; clients report it, the wire does not see it. */
  followedBy?: Id;
}

export interface Reference<Id extends string = string> {
  title: string;
  mermaid: string;
  steps: readonly ReferenceStep<Id>[];
  howItWorks: readonly string[];
  pros: readonly Point[];
  cons: readonly Point[];
  /**
   * Which step of the reference this hop is; undefined for what the reference leaves out.
   * `causeOf` finds a hop by its seq: with it, an answer that a push released can be told from one
   * that was given at once.
   */
  stepOf(event: TraceEvent, causeOf?: CauseOf): Id | undefined;
}

export interface Point {
  title: string;
  text: string;
}

export type CauseOf = (seq: number) => TraceEvent | undefined;

/** Hops that only set links up, or keep them alive, are in no reference but as "subscribe". */
export function isUpkeep(event: TraceEvent): boolean {
  return event.info?.heartbeat === true || event.info?.setup === true;
}
