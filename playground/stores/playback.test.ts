import { beforeEach, describe, expect, it } from "vitest";
import { RECORDING_FORMAT, recordingLine } from "../../shared/trace/recording.ts";
import { readRecording } from "../../shared/trace/recording-reader.ts";
import { SampleTraffic } from "../../shared/trace/testing/sample-traffic.ts";
import { bookmarksStore } from "./bookmarks-store.ts";
import {
  bookmarkHere,
  jump,
  playbackStore,
  runPlayback,
  seekHop,
  setSpeed,
  step,
  togglePlay,
} from "./playback.ts";
import { healthySnapshot } from "./testing/snapshots.ts";
import { traceStore } from "./trace-store.ts";
import { DEFAULT_VIEW, viewStore } from "./view-store.ts";

let traffic: SampleTraffic;
let frames: ((atMs: number) => void)[] = [];
let frameMs = 0;
runPlayback((then) => frames.push(then));

function feed(next = traffic.made): void {
  const events = traffic.take();
  traceStore.getState().append({ events, next, dropped: 0, now: traffic.nowMs });
}

/** A poll, a message that ends it, silence, an idle answer: long polling alone. */
function someTraffic(): void {
  traffic.poll("lp-client-1");
  traffic.send("long-polling", "lp-client-1", "lunch?");
  traffic.nowMs += 5_000;
  traffic.expire("lp-client-1");
}

function recordingOf(events: ReturnType<SampleTraffic["take"]>) {
  const header = {
    format: RECORDING_FORMAT,
    version: 1,
    madeAt: "2026-01-02T03:04:05Z",
    offsetMs: 0,
    snapshot: healthySnapshot(),
    dropped: 0,
  } as const;
  const lines = [
    recordingLine({ header }),
    recordingLine({ bookmark: { seq: events[2]?.seq ?? 0, name: "here" } }),
    ...events.map((event) => recordingLine({ event })),
  ];
  return { ...readRecording(lines.join("")), name: "lesson.jsonl" };
}

const shown = () => traceStore.getState().rowsShown();
const rows = () => traceStore.getState().diagram.sequence.rows;
const lastShown = () => rows()[shown() - 1];

/** Frames of 20 ms for so long, or until nothing asks for one. */
function pass(ms: number): void {
  for (const untilMs = frameMs + ms; frameMs <= untilMs; frameMs += 20) {
    const now = frames;
    frames = [];
    for (const frame of now) frame(frameMs);
  }
}

beforeEach(() => {
  frames = [];
  traffic = new SampleTraffic(1_000);
  viewStore.setState({ ...DEFAULT_VIEW });
  traceStore.getState().reset();
  playbackStore.setState({ isPlaying: false, speed: "0.4 s a hop" });
  bookmarksStore.setState({ bookmarks: [] });
});

describe("playback", () => {
  it("RC6 a step back freezes the view, and shows and selects one hop less", () => {
    someTraffic();
    feed();
    const all = rows().length;
    step(-1);
    expect(viewStore.getState().frozen).toBe(true);
    expect(lastShown()?.kind).toBe("hop");
    expect(shown()).toBeLessThan(all);
    const selected = viewStore.getState().selected;
    expect(lastShown()).toMatchObject({ event: { seq: selected } });
    step(-1);
    step(1);
    expect(viewStore.getState().selected).toBe(selected);
  });

  it("RC6 passes over silence, and shows everything again after the last step", () => {
    someTraffic();
    feed();
    while (shown() > 0) step(-1);
    const kinds: string[] = [];
    do {
      step(1);
      kinds.push(lastShown()?.kind ?? "");
    } while (traceStore.getState().playhead !== null);
    expect(kinds).not.toContain("break");
    expect(rows().some(({ kind }) => kind === "break")).toBe(true);
    expect(shown()).toBe(rows().length);
  });

  it("RC7 plays a hop at a time, and stops at the end", () => {
    someTraffic();
    feed();
    viewStore.setState({ frozen: true });
    togglePlay();
    const from = shown();
    pass(410);
    expect(shown()).toBe(from + 1);
    pass(20_000);
    expect(playbackStore.getState().isPlaying).toBe(false);
    expect(traceStore.getState().playhead).toBeNull();
  });

  it("RC7 plays times as they were: a silence lasts as long as it lasted", () => {
    someTraffic();
    feed();
    setSpeed("as it was");
    viewStore.setState({ frozen: true });
    togglePlay();
    pass(2_000);
    expect(rows()[shown()]?.kind).toBe("break");
    const atMs = traceStore.getState().wireNow();
    pass(1_000);
    expect(traceStore.getState().wireNow() - atMs).toBeCloseTo(1_000, -2);
    pass(5_000);
    expect(traceStore.getState().playhead).toBeNull();
  });

  it("RC8 jumps to the next idle answer, and says when there is none", () => {
    someTraffic();
    feed();
    while (shown() > 0) step(-1);
    expect(jump(["idle"], 1)).toBe(true);
    expect(lastShown()).toMatchObject({ event: { outcome: "idle" } });
    expect(jump(["loss"], 1)).toBe(false);
  });

  it("RC6 stands at the same hop under another lens, and leaves the moment with the freeze", () => {
    someTraffic();
    feed();
    const seq = traffic.made - 3;
    expect(seekHop(seq)).toBe(true);
    viewStore.setState({ balancerShown: true });
    expect(lastShown()).toMatchObject({ event: { seq } });
    viewStore.setState({ frozen: false });
    expect(traceStore.getState().playhead).toBeNull();
  });
});

describe("an opened recording", () => {
  it("RC5 stands in the live trace's place until it is closed, and nothing live is lost", () => {
    someTraffic();
    const recording = recordingOf(traffic.take());
    traffic.poll("lp-client-2");
    feed();
    traceStore.getState().openRecording(recording);
    expect(rows().filter(({ kind }) => kind === "hop")).toHaveLength(recording.events.length);
    traffic.poll("lp-client-3");
    feed();
    expect(traceStore.getState().waiting).toBe(1);
    expect(traceStore.getState().eventBySeq(1)).toEqual(recording.events[0]);
    viewStore.setState({ frozen: false });
    expect(traceStore.getState().recording).toBeNull();
    expect(rows().map((row) => row.kind === "hop" && row.event.from)).toEqual([
      "client:lp-client-2",
      "client:lp-client-3",
    ]);
  });

  it("RC5 keeps what was reset meanwhile out of it", () => {
    someTraffic();
    traceStore.getState().openRecording(recordingOf(traffic.take()));
    const before = rows().length;
    traceStore.getState().reset();
    expect(rows()).toHaveLength(before);
  });

  it("RC9 brings its bookmarks, and the page's own come back after it", () => {
    someTraffic();
    const recording = recordingOf(traffic.take());
    traffic.poll("lp-client-2");
    feed();
    bookmarkHere();
    const own = bookmarksStore.getState().bookmarks;
    expect(own).toHaveLength(1);
    traceStore.getState().openRecording(recording);
    expect(bookmarksStore.getState().bookmarks).toEqual(recording.bookmarks);
    expect(jump(["bookmark"], -1)).toBe(true);
    expect(lastShown()).toMatchObject({ event: { seq: recording.bookmarks[0]?.seq } });
    bookmarkHere();
    expect(bookmarksStore.getState().bookmarks).toEqual([]);
    viewStore.setState({ frozen: false });
    expect(bookmarksStore.getState().bookmarks).toEqual(own);
  });
});
