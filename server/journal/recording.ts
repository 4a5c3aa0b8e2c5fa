/** The whole journal as a recording: JSON lines, a header first, then markers, then events. */
import type { Snapshot } from "../../shared/contracts/control.ts";
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordingHeader,
  type RecordingLine,
} from "../../shared/trace/recording.ts";
import type { Journal } from "./journal.ts";

const CHUNK = 1_000;

/** Who knows, besides the journal, what a recording's reader needs. */
export interface Recorded {
  snapshot(): Snapshot;
  /** Add to an event's time to get ms since the epoch. */
  readonly offsetMs: number;
}

/** In pieces, so that a large journal neither blocks nor is held in memory twice. */
export function* recordingText(journal: Journal, cluster: Recorded): Generator<string> {
  const line = (value: RecordingLine) => `${JSON.stringify(value)}\n`;
  const header: RecordingHeader = {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    madeAt: new Date().toISOString(),
    offsetMs: cluster.offsetMs,
    snapshot: cluster.snapshot(),
    dropped: journal.dropped,
  };
  yield line({ header });
  yield journal.markers.map((marker) => line({ marker })).join("");
  const end = journal.lastSeq;
  let after = 0;
  while (after < end) {
    const { events, next } = journal.read(after, CHUNK);
    if (events.length === 0) return;
    yield events.map((event) => line({ event })).join("");
    after = next;
  }
}
