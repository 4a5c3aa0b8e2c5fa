/** A recording that was opened in this page: what it was called, what it holds, and its diagram. */
import { PATTERNS, TARGET } from "../../shared/contracts/ids.ts";
import { Diagram, type DiagramOptions } from "../../shared/trace/diagram.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { RECORDING_LIMITS, type Recording } from "../../shared/trace/recording-reader.ts";

export interface OpenRecording extends Recording {
  /** The file's name. */
  name: string;
}

/** All of it is kept: whoever scrolls through a recording wants its beginning too. */
const BOUNDS = { events: RECORDING_LIMITS.events, rows: RECORDING_LIMITS.events };

export function diagramOf(recording: Recording, options: DiagramOptions): Diagram {
  const isOfTarget = ({ pattern, from, to }: TraceEvent) =>
    pattern === TARGET && (from === "broker" || to === "broker");
  const targetHasBroker = recording.events.some(isOfTarget);
  const diagram = new Diagram({ ...options, targetHasBroker }, BOUNDS);
  for (const pattern of PATTERNS) diagram.roster.list(pattern, recording.replicas[pattern]);
  diagram.load(recording.events, recording.markers);
  return diagram;
}
