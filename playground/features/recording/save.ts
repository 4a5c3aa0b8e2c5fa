/**
 * Saves what is shown as a recording: the whole journal from the server, with this page's bookmarks;
 * an opened recording as it was, with its bookmarks as they are now; and where the server is gone,
 * what this page holds.
 */
import type { Snapshot } from "../../../shared/contracts/control.ts";
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  recordingLine,
} from "../../../shared/trace/recording.ts";
import { bookmarksStore } from "../../stores/bookmarks-store.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import type { Commands } from "../../stores/commands.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { notify } from "../../stores/notices-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { download } from "../../ui/download.ts";

const TYPE = "application/jsonl";

export async function saveRecording(journal: Commands["recording"]): Promise<void> {
  const parts = await recordingParts(journal);
  if (parts === null) {
    notify({ key: "save", tone: "bad", text: "There is nothing to save yet." });
    return;
  }
  download(parts, TYPE, recordingName());
}

/** The file in pieces; `null` where there is nothing to record. */
async function recordingParts(journal: Commands["recording"]): Promise<BlobPart[] | null> {
  const { recording } = traceStore.getState();
  if (recording !== null) {
    const { headerLine, markers, events } = recording;
    return [`${headerLine}\n`, ...linesOf(markers, events), bookmarkLines()];
  }
  const saved = clusterStore.getState().feed === "open" ? await journal() : null;
  return saved === null ? partsOfPage() : [saved, bookmarkLines()];
}

function partsOfPage(): BlobPart[] | null {
  const { snapshot } = clusterStore.getState();
  const { diagram, dropped } = traceStore.getState();
  if (snapshot === null) return null;
  return [
    headerLine(snapshot, dropped),
    ...linesOf(metricsStore.getState().markers, [...diagram.events.all()]),
    bookmarkLines(),
  ];
}

function headerLine(snapshot: Snapshot, dropped: number): string {
  const { wireNow } = traceStore.getState();
  return recordingLine({
    header: {
      format: RECORDING_FORMAT,
      version: RECORDING_VERSION,
      madeAt: new Date().toISOString(),
      offsetMs: Date.now() - wireNow(),
      snapshot,
      dropped,
    },
  });
}

type Line = Parameters<typeof recordingLine>[0];

function linesOf(
  markers: readonly Extract<Line, { marker: unknown }>["marker"][],
  events: readonly Extract<Line, { event: unknown }>["event"][],
): string[] {
  return [
    ...markers.map((marker) => recordingLine({ marker })),
    // Set-up hops may have come late to the page, and out of order.
    ...events.toSorted((a, b) => a.seq - b.seq).map((event) => recordingLine({ event })),
  ];
}

function bookmarkLines(): string {
  return bookmarksStore
    .getState()
    .bookmarks.map((bookmark) => recordingLine({ bookmark }))
    .join("");
}

/** `playground-2026-01-02-0304.jsonl`, or the name it was opened by. */
export function recordingName(ending = "jsonl"): string {
  const opened = traceStore.getState().recording?.name.replace(/\.[a-z0-9]{1,6}$/iu, "");
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const name = opened ?? `playground-${day}-${two(now.getHours())}${two(now.getMinutes())}`;
  return `${name}.${ending}`;
}
