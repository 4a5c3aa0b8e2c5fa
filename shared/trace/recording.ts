/**
 * A recording: a saved journal, as JSON lines. The first line is the header; each other line is
 * one marker, one bookmark or one event. An opened recording is somebody else's input: only
 * `recording-reader.ts` makes one of a file.
 */
import type { Marker, Snapshot } from "../contracts/control.ts";
import type { TraceEvent } from "./event.ts";

export const RECORDING_FORMAT = "realtime-playground-recording";
export const RECORDING_VERSION = 1;

export interface RecordingHeader {
  format: typeof RECORDING_FORMAT;
  version: typeof RECORDING_VERSION;
  /** ISO 8601. */
  madeAt: string;
  /** Add to an event's time to get ms since the epoch. */
  offsetMs: number;
  /** How cluster and settings were when it was saved. */
  snapshot: Snapshot;
  /** Events that were counted but not kept. */
  dropped: number;
}

/** A hop that somebody wants to find again. */
export interface Bookmark {
  seq: number;
  name: string;
}

export type RecordingLine =
  | { header: RecordingHeader }
  | { marker: Marker }
  | { bookmark: Bookmark }
  | { event: TraceEvent };

export function recordingLine(line: RecordingLine): string {
  return `${JSON.stringify(line)}\n`;
}
