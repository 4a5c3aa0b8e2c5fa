/**
 * Drives the playhead: step, play at a speed, seek, jump to the next thing worth a look. The same
 * for the frozen live trace and for an opened recording; a page that is live is frozen first.
 */
import { createStore } from "zustand/vanilla";
import type { Row } from "../../shared/trace/rows.ts";
import { bookmarksStore, toggleBookmark } from "./bookmarks-store.ts";
import { type LandmarkKind, landmarksOf } from "./landmarks.ts";
import {
  hopAt,
  type Playhead,
  playheadAt,
  playheadAtHop,
  playheadAtMs,
  stepped,
} from "./playhead.ts";
import { traceStore } from "./trace-store.ts";
import { viewStore } from "./view-store.ts";

/** A time per hop, because a factor leaves a push of 50 µs invisible; or times as they were. */
export const SPEEDS = [
  { value: "3 s a hop", hopMs: 3_000 },
  { value: "1 s a hop", hopMs: 1_000 },
  { value: "0.4 s a hop", hopMs: 400 },
  { value: "0.1 s a hop", hopMs: 100 },
  { value: "as it was", factor: 1 },
  { value: "10 × faster", factor: 10 },
] as const;
type SpeedRow = (typeof SPEEDS)[number];
export type Speed = SpeedRow["value"];

export interface Playback {
  isPlaying: boolean;
  speed: Speed;
}

export const playbackStore = createStore<Playback>()(() => ({
  isPlaying: false,
  speed: "0.4 s a hop",
}));

export function setSpeed(speed: Speed): void {
  playbackStore.setState({ speed });
}

export function pause(): void {
  playbackStore.setState({ isPlaying: false });
}

/** From where the playhead stands; from the beginning, where everything is shown already. */
function play(): void {
  const { diagram, playhead, seek } = traceStore.getState();
  if (diagram.sequence.rows.length === 0) return;
  if (playhead === null) seek(playheadAt(diagram.sequence.rows, 0));
  playbackStore.setState({ isPlaying: true });
}

export function togglePlay(): void {
  if (playbackStore.getState().isPlaying) pause();
  else play();
}

/** One hop on, or back: it is selected, so that everything else tells of it. */
export function step(by: 1 | -1): void {
  pause();
  // Frozen first: rows must not move under the step.
  viewStore.setState({ frozen: true });
  const { diagram, rowsShown } = traceStore.getState();
  const { rows } = diagram.sequence;
  goTo(stepped(rows, rowsShown(), by));
}

export function seekRow(index: number): void {
  pause();
  viewStore.setState({ frozen: true });
  const { rows } = traceStore.getState().diagram.sequence;
  goTo(index >= rows.length ? null : playheadAt(rows, index));
}

/** Stands at this hop, and selects it. False where no row draws it. */
export function seekHop(seq: number): boolean {
  pause();
  viewStore.setState({ frozen: true });
  const { diagram, seek } = traceStore.getState();
  const playhead = playheadAtHop(diagram, seq);
  if (playhead === undefined) return false;
  seek(playhead);
  viewStore.setState({ selected: seq });
  return true;
}

function goTo(playhead: Playhead | null): void {
  const { diagram, rowsShown, seek } = traceStore.getState();
  seek(playhead);
  const hop = hopAt(diagram.sequence.rows, rowsShown());
  if (hop !== undefined) viewStore.setState({ selected: hop.event.seq });
}

/** To the next landmark of these kinds, or the one before. False where there is none. */
export function jump(kinds: readonly LandmarkKind[], by: 1 | -1): boolean {
  const { diagram, rowsShown } = traceStore.getState();
  const here = rowsShown() - 1;
  const { bookmarks } = bookmarksStore.getState();
  const found = landmarksOf(diagram, bookmarks)
    .filter(({ kind, index }) => kinds.includes(kind) && (by === 1 ? index > here : index < here))
    .at(by === 1 ? 0 : -1);
  if (found === undefined) return false;
  seekRow(found.index);
  return true;
}

/** Sets a bookmark at the hop that is selected, or else the last that is shown; or takes it away. */
export function bookmarkHere(): void {
  const { diagram, eventBySeq, rowsShown } = traceStore.getState();
  const { selected } = viewStore.getState();
  const seq = selected ?? lastHop(diagram.sequence.rows, rowsShown())?.event.seq;
  const event = seq === undefined ? undefined : eventBySeq(seq);
  if (event !== undefined) toggleBookmark({ seq: event.seq, name: event.label.slice(0, 80) });
}

function lastHop(rows: readonly Row[], shown: number) {
  for (let end = shown; end > 0; end -= 1) {
    const hop = hopAt(rows, end);
    if (hop !== undefined) return hop;
  }
  return undefined;
}

/** How far a playhead has moved after some time; `owedMs` is what is left of it for the next hop. */
function advanced(
  rows: readonly Row[],
  playhead: Playhead,
  elapsedMs: number,
  speed: SpeedRow,
): { playhead: Playhead | null; owedMs: number } {
  if ("factor" in speed) {
    const atMs = playhead.atMs + elapsedMs * speed.factor;
    const isOver = atMs > (rows.at(-1)?.atMs ?? 0);
    return { playhead: isOver ? null : playheadAtMs(rows, atMs), owedMs: 0 };
  }
  let next: Playhead | null = playhead;
  let owedMs = elapsedMs;
  while (next !== null && owedMs >= speed.hopMs) {
    owedMs -= speed.hopMs;
    next = stepped(rows, next.index + 1, 1);
  }
  return { playhead: next, owedMs };
}

/** Plays from frame to frame while it is to play; give it the page's own clock of frames. */
export function runPlayback(onFrame: (then: (atMs: number) => void) => void): void {
  let lastMs: number | undefined;
  let owedMs = 0;
  const frame = (atMs: number) => {
    const { isPlaying, speed } = playbackStore.getState();
    const { diagram, playhead, seek } = traceStore.getState();
    const row = SPEEDS.find(({ value }) => value === speed);
    if (!isPlaying || row === undefined || playhead === null) {
      lastMs = undefined;
      owedMs = 0;
      if (isPlaying) pause();
      return;
    }
    // A page that was hidden has no frames: it goes on from where it stood.
    const elapsedMs = Math.min(100, atMs - (lastMs ?? atMs));
    lastMs = atMs;
    const next = advanced(diagram.sequence.rows, playhead, owedMs + elapsedMs, row);
    owedMs = next.owedMs;
    if (next.playhead?.atMs !== playhead.atMs || next.playhead.index !== playhead.index) {
      seek(next.playhead);
    }
    if (next.playhead === null) pause();
    onFrame(frame);
  };
  // What is gone to by a link lies where it can be seen.
  viewStore.subscribe(({ selected, frozen }, before) => {
    if (!frozen && before.frozen) pause();
    const { diagram, playhead, seek } = traceStore.getState();
    if (selected === null || selected === before.selected || playhead === null) return;
    const there = playheadAtHop(diagram, selected);
    if (there !== undefined && there.index > playhead.index) seek(there);
  });
  playbackStore.subscribe(({ isPlaying }, before) => {
    if (isPlaying && !before.isPlaying) onFrame(frame);
  });
}
