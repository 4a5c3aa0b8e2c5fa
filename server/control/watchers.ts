/** Whoever watches the cluster live: the feed to the pages. All calls return at once. */
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Marker, Snapshot } from "../../shared/contracts/control.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { FaultState } from "../../shared/faults/fault-state.ts";
import type { HoldState } from "../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";

export interface Watchers {
  snapshot(snapshot: Snapshot): void;
  events(events: readonly TraceEvent[]): void;
  metrics(metrics: Metrics): void;
  clients(views: ClientView[]): void;
  marker(marker: Marker): void;
  /** What waits has changed. */
  held(state: HoldState): void;
  faults(state: FaultState): void;
  reset(): void;
  /** What is kept for them. */
  limits(): Metrics["limits"];
}

/** The journal, as far as the control plane writes it. */
export interface EventKeeper {
  append(events: readonly TraceEvent[], dropped: number): void;
  mark(marker: Marker): void;
  clear(): void;
  limits(): Metrics["limits"];
}
