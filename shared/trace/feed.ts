/**
 * The page's live feed: one Socket.IO connection on the control port, server to page only.
 * Commands go over HTTP, so that the page does nothing a script could not do.
 */
import type { ClientView } from "../contracts/client-view.ts";
import type { Marker, Snapshot } from "../contracts/control.ts";
import type { Metrics } from "../contracts/metrics.ts";
import type { FaultState } from "../faults/fault-state.ts";
import type { HoldState } from "../hold/hold-state.ts";
import type { TraceBatch } from "./event.ts";

export interface FeedServerEvents {
  /** Everything the page needs to draw itself: on connection and after each change. */
  snapshot(snapshot: Snapshot): void;
  /** `now` is the wire clock when the batch left, so that the page can draw running time. */
  trace(batch: TraceBatch & { now: number }): void;
  metrics(metrics: Metrics): void;
  /** The followed clients, about four times a second while anything changes. */
  clients(clients: ClientView[]): void;
  marker(marker: Marker): void;
  /** What is held, and what waits because of it. */
  held(state: HoldState): void;
  /** The faults in force, and those that ended last. */
  faults(state: FaultState): void;
  /** Journal and counts were cleared. */
  reset(): void;
}

/** Socket.IO's `auth` payload of a page. */
export interface FeedAuth {
  /** A page that reconnects: the last `next` it was given. Only what came after is sent. */
  after?: number;
}
