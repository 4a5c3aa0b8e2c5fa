/**
 * What a tap reports: one crossing between two participants, before it has a number.
 * Balancer and taps make hops; the recorder numbers them, joins them to what caused them, and
 * passes them on as trace events. A tap never waits for the recorder.
 */
import type { TraceEvent } from "../../shared/trace/event.ts";

export interface Hop extends Omit<TraceEvent, "seq"> {
  /**
   * The bytes that crossed, as far as worth showing; the recorder copies a bounded part, so a
   * view on a socket's buffer is fine. Secrets must have been blanked.
   */
  raw?: readonly Uint8Array[];
}

export interface Recorder {
  /** Numbers the hop and returns its seq. Never throws, never blocks. */
  record(hop: Hop): number;
  /** The wire's monotonic clock, ms. */
  now(): number;
}
