/**
 * Bookmarks of what is shown: an opened recording's own, or those of the live trace, which stay with
 * this page. They go into the file when it is saved.
 */
import { createStore } from "zustand/vanilla";
import type { Bookmark } from "../../shared/trace/recording.ts";
import { RECORDING_LIMITS } from "../../shared/trace/recording-reader.ts";
import { traceStore } from "./trace-store.ts";

export const bookmarksStore = createStore<{ bookmarks: readonly Bookmark[] }>()(() => ({
  bookmarks: [],
}));

/** Sets one at this hop, or takes it away. Answers whether there is one now. */
export function toggleBookmark(bookmark: Bookmark): boolean {
  const { bookmarks } = bookmarksStore.getState();
  const others = bookmarks.filter(({ seq }) => seq !== bookmark.seq);
  const isNew = others.length === bookmarks.length;
  if (isNew && others.length >= RECORDING_LIMITS.bookmarks) return false;
  const all = isNew ? [...others, bookmark].sort((a, b) => a.seq - b.seq) : others;
  bookmarksStore.setState({ bookmarks: all });
  return isNew;
}

let ofLive: readonly Bookmark[] = [];

traceStore.subscribe(({ recording, next }, before) => {
  // Numbers that begin anew belong to other hops.
  if (next === 0 && before.next > 0) {
    ofLive = [];
    if (recording === null) bookmarksStore.setState({ bookmarks: [] });
  }
  if (recording === before.recording) return;
  if (before.recording === null) ofLive = bookmarksStore.getState().bookmarks;
  bookmarksStore.setState({ bookmarks: recording?.bookmarks ?? ofLive });
});
