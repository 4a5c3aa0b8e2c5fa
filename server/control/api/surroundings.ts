/** What the routes work with: the control plane, its commands, and the journal to read from. */
import type { Marker } from "../../../shared/contracts/control.ts";
import type { TraceBatch, TraceEvent } from "../../../shared/trace/event.ts";
import type { Commands } from "../commands.ts";
import type { ControlPlane } from "../control-plane.ts";

/** The journal, as far as the API reads it. */
export interface EventReader {
  read(after: number, limit: number): TraceBatch;
  opening(newest: number): TraceBatch;
  find(seq: number): TraceEvent | undefined;
  readonly markers: Marker[];
  readonly dropped: number;
}

export interface Surroundings {
  plane: ControlPlane;
  commands: Commands;
  journal: EventReader;
  /** The whole journal as a recording, in pieces. */
  recording(): Iterable<string>;
  /** The newest hops as Mermaid text. */
  mermaid(): string;
}
