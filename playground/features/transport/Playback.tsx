/** Steps, plays, and jumps through what stands still. A step back from a live page freezes it first. */
import { Bookmark, Milestone, Pause, Play, StepBack, StepForward } from "lucide-react";
import { useStore } from "zustand";
import { bookmarksStore } from "../../stores/bookmarks-store.ts";
import type { LandmarkKind } from "../../stores/landmarks.ts";
import { notify } from "../../stores/notices-store.ts";
import {
  bookmarkHere,
  jump,
  playbackStore,
  SPEEDS,
  setSpeed,
  step,
  togglePlay,
} from "../../stores/playback.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { MenuButton } from "../../ui/MenuButton.tsx";
import { Select } from "../../ui/Select.tsx";
import styles from "./Playback.module.css";

export function PlayControls() {
  const { isPlaying, speed } = useStore(playbackStore);
  const frozen = useStore(viewStore, (view) => view.frozen);
  const isAtEnd = useStore(traceStore, (trace) => trace.playhead === null);
  return (
    <div className={styles.group}>
      <IconButton name="One hop back" hotkey="," onPress={() => step(-1)}>
        <StepBack aria-hidden />
      </IconButton>
      <IconButton
        name={isPlaying ? "Pause" : "Play"}
        hotkey="k"
        isDisabled={!frozen}
        onPress={togglePlay}
      >
        {isPlaying ? <Pause aria-hidden /> : <Play aria-hidden />}
      </IconButton>
      <IconButton name="One hop on" hotkey="." isDisabled={isAtEnd} onPress={() => step(1)}>
        <StepForward aria-hidden />
      </IconButton>
      <div className={styles.speed}>
        <Select
          label="Speed"
          value={speed}
          options={SPEEDS.map(({ value }) => ({ value, label: value }))}
          onChange={setSpeed}
        />
      </div>
    </div>
  );
}

const JUMPS: readonly { kind: LandmarkKind; next: string; none: string }[] = [
  { kind: "loss", next: "Next loss", none: "Nothing more was lost." },
  { kind: "refusal", next: "Next refusal", none: "Nothing more was refused." },
  { kind: "reconnect", next: "Next reconnection", none: "Nobody reconnected after this." },
  { kind: "idle", next: "Next idle answer", none: "No poll came back empty after this." },
  { kind: "marker", next: "Next change to the cluster", none: "Nothing more was changed." },
  { kind: "bookmark", next: "Next bookmark", none: "No bookmark after this. Set one with M." },
];

export function JumpMenu() {
  return (
    <MenuButton
      name="Jump to"
      entries={JUMPS.map(({ kind, next, none }) => ({
        id: kind,
        label: next,
        run: () => {
          if (!jump([kind], 1)) notify({ key: "jump", tone: "info", text: none });
        },
      }))}
    >
      <Milestone aria-hidden />
    </MenuButton>
  );
}

export function BookmarkButton() {
  const selected = useStore(viewStore, (view) => view.selected);
  const isSet = useStore(bookmarksStore, ({ bookmarks }) =>
    bookmarks.some(({ seq }) => seq === selected),
  );
  return (
    <IconButton
      name={isSet ? "Take the bookmark away" : "Bookmark this hop"}
      hotkey="m"
      look={isSet ? "main" : "quiet"}
      onPress={bookmarkHere}
    >
      <Bookmark aria-hidden />
    </IconButton>
  );
}
