/**
 * The page's trace: feed → **trace store** → stage, inspector, reference rail, Mermaid.
 * It feeds the diagram's fold, keeps the wire's clock, and holds batches back while the view is
 * frozen. The diagram changes in place; `revision` says that there is something new to draw.
 * An opened recording stands in the live diagram's place, and the view is frozen meanwhile; in
 * either, a playhead says up to where it is shown.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Marker } from "../../shared/contracts/control.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import { PROJECTOR_SCALE, SCREEN_SCALE } from "../../shared/trace/axis.ts";
import { DEFAULT_DIAGRAM, Diagram, type DiagramOptions } from "../../shared/trace/diagram.ts";
import type { TraceBatch, TraceEvent } from "../../shared/trace/event.ts";
import type { FoldRow } from "../../shared/trace/rows.ts";
import { ClientReports } from "./client-reports.ts";
import { clientsStore } from "./clients-store.ts";
import { clusterStore } from "./cluster-store.ts";
import { HeldBatches } from "./held-batches.ts";
import { diagramOf, type OpenRecording } from "./open-recording.ts";
import { type Playhead, placed, rowsShown } from "./playhead.ts";
import { shownSides, type View, viewStore } from "./view-store.ts";
import { WireClock } from "./wire-clock.ts";

type FeedBatch = TraceBatch & { now: number };

export interface TraceState {
  /** The one that is shown: of the live trace, or of the opened recording. */
  diagram: Diagram;
  recording: OpenRecording | null;
  /** The name of a file that is being read: the page makes room for it meanwhile. */
  opening: string | null;
  /** Up to where the diagram is shown; `null`: all of it. */
  playhead: Playhead | null;
  /** Grows with every change of the diagram. */
  revision: number;
  /** Events held back while the view is frozen. */
  waiting: number;
  /** Events that were counted but not kept: sampled away, or beyond a bound. */
  dropped: number;
  /** The seq to ask after next: what a page that reconnects already has. */
  next: number;
  append(batch: FeedBatch): void;
  addMarker(marker: Marker): void;
  reset(): void;
  /** Clients to give a lifeline of their own, by id. */
  setFollowed(ids: readonly string[]): void;
  /** How many lifelines there is room for in a half. */
  setRoom(room: Pick<DiagramOptions, "maxClients" | "maxReplicas">): void;
  /** Whether the broker of the target is watched, and so has a lifeline. */
  setTargetHasBroker(targetHasBroker: boolean): void;
  toggleFold(fold: FoldRow): void;
  openRecording(recording: OpenRecording): void;
  /** Shows the diagram up to there, frozen; `null`: all of it. */
  seek(playhead: Playhead | null): void;
  /** How many of the diagram's rows are shown. */
  rowsShown(): number;
  /** What clients say of themselves; what they did with an answer is drawn hollow. */
  takeReports(views: readonly ClientView[]): void;
  listReplicas(pattern: Pattern, ids: readonly string[]): void;
  eventBySeq(seq: number): TraceEvent | undefined;
  causesOf(seq: number): readonly TraceEvent[];
  effectsOf(seq: number): readonly TraceEvent[];
  story(traceId: string): readonly TraceEvent[];
  /** The wire's clock now, as well as the page can know it; stands still while frozen. */
  wireNow(): number;
}

interface Parts {
  live: Diagram;
  shown: Diagram;
  playhead: Playhead | null;
  clock: WireClock;
  held: HeldBatches;
  reports: ClientReports;
}

/** By then, what was forwarded before a marker has come, if there was anything. */
const MARKER_MS = 150;

export interface PageTime {
  now(): number;
  later(afterMs: number, then: () => void): void;
}

export function createTraceStore(
  time: PageTime,
  view: StoreApi<View> = viewStore,
): StoreApi<TraceState> {
  const live = new Diagram({ ...DEFAULT_DIAGRAM, ...optionsOf(view.getState()) });
  const parts: Parts = {
    live,
    shown: live,
    playhead: null,
    clock: new WireClock(time.now),
    held: new HeldBatches(),
    reports: new ClientReports(),
  };
  const store = createStore<TraceState>()((set) => {
    const changed = (more?: Partial<TraceState>) =>
      set((state) => ({ ...more, revision: state.revision + 1 }));
    return {
      ...questions(parts),
      ...showing(parts, view, changed),
      ...changes(parts, view, time.later, changed),
      diagram: live,
      recording: null,
      opening: null,
      playhead: null,
      revision: 0,
      waiting: 0,
      dropped: 0,
      next: 0,
    };
  });
  view.subscribe((next, before) => {
    if (next.frozen !== before.frozen) {
      if (next.frozen) parts.clock.stop();
      else thaw(parts);
      store.setState((state) => ({
        revision: state.revision + 1,
        waiting: parts.held.size,
        ...(next.frozen ? {} : { diagram: live, recording: null, playhead: null }),
      }));
    }
    if (drawsOtherwise(next, before)) {
      for (const diagram of drawn(parts)) {
        diagram.configure({ ...diagram.options, ...optionsOf(next) });
      }
      store.getState().seek(placed(parts.playhead, parts.shown));
    }
  });
  return store;
}

function questions(parts: Parts) {
  return {
    eventBySeq: (seq) => parts.shown.events.bySeq(seq),
    causesOf: (seq) => parts.shown.events.causesOf(seq),
    effectsOf: (seq) => parts.shown.events.effectsOf(seq),
    story: (traceId) => parts.shown.events.story(traceId),
    rowsShown: () => rowsShown(parts.shown, parts.playhead),
    wireNow: () =>
      parts.playhead?.atMs ??
      (parts.shown === parts.live ? parts.clock.now() : parts.shown.sequence.lastAtMs),
  } satisfies Partial<TraceState>;
}

/** What of which diagram is shown. */
function showing(
  parts: Parts,
  view: StoreApi<View>,
  changed: (more?: Partial<TraceState>) => void,
) {
  return {
    openRecording(recording) {
      view.setState({ frozen: true, selected: null });
      parts.shown = diagramOf(recording, parts.live.options);
      parts.playhead = null;
      changed({ diagram: parts.shown, recording, opening: null, playhead: null });
    },
    seek(playhead) {
      if (playhead !== null && !view.getState().frozen) view.setState({ frozen: true });
      parts.playhead = playhead;
      changed({ playhead });
    },
    toggleFold(fold) {
      parts.shown.toggle(fold);
      parts.playhead = placed(parts.playhead, parts.shown);
      changed({ playhead: parts.playhead });
    },
  } satisfies Partial<TraceState>;
}

/** Both are kept as the view wants them: either may be looked at next. */
function drawn({ live, shown }: Parts): ReadonlySet<Diagram> {
  return new Set([live, shown]);
}

function changes(
  parts: Parts,
  view: StoreApi<View>,
  later: PageTime["later"],
  changed: (more?: Partial<TraceState>) => void,
) {
  const { clock, live, held, reports } = parts;
  return {
    append(batch) {
      if (view.getState().frozen) {
        held.add(batch);
        changed({ waiting: held.size, dropped: batch.dropped, next: batch.next });
        return;
      }
      draw(parts, batch);
      changed({ dropped: batch.dropped, next: batch.next });
    },
    addMarker(marker) {
      live.mark(marker);
      later(MARKER_MS, () => {
        if (clock.isSet && !view.getState().frozen && live.passed(clock.now())) changed();
      });
    },
    reset() {
      held.take();
      reports.clear();
      live.clear();
      if (parts.shown === live) parts.playhead = null;
      changed({ waiting: 0, dropped: 0, next: 0, playhead: parts.playhead });
    },
    setFollowed(followed) {
      for (const diagram of drawn(parts)) diagram.configure({ ...diagram.options, followed });
      changed();
    },
    setRoom(room) {
      for (const diagram of drawn(parts)) diagram.configure({ ...diagram.options, ...room });
      changed();
    },
    setTargetHasBroker(targetHasBroker) {
      if (targetHasBroker === live.options.targetHasBroker) return;
      live.configure({ ...live.options, targetHasBroker });
      changed();
    },
    takeReports(views) {
      if (!view.getState().frozen && reports.take(views, live, clock.now())) changed();
    },
    listReplicas(pattern, ids) {
      live.listReplicas(pattern, ids);
      changed();
    },
  } satisfies Partial<TraceState>;
}

function draw({ clock, live, reports }: Parts, batch: FeedBatch): void {
  clock.set(batch.now);
  live.append(batch.events, batch.now);
  reports.draw(live, batch.now);
}

/** Back to what is live, with what came meanwhile. */
function thaw(parts: Parts): void {
  parts.shown = parts.live;
  parts.playhead = null;
  parts.clock.start();
  for (const batch of parts.held.take()) draw(parts, batch);
}

function drawsOtherwise(a: View, b: View): boolean {
  return (
    a.shown !== b.shown ||
    a.lens !== b.lens ||
    a.balancerShown !== b.balancerShown ||
    a.brokerShown !== b.brokerShown ||
    a.storeShown !== b.storeShown ||
    a.follow !== b.follow ||
    a.projector !== b.projector
  );
}

function optionsOf(view: View) {
  return {
    patterns: shownSides(view.shown),
    lens: view.lens,
    balancerShown: view.balancerShown,
    brokerShown: view.brokerShown,
    storeShown: view.storeShown,
    follow: view.follow,
    scale: view.projector ? PROJECTOR_SCALE : SCREEN_SCALE,
  } satisfies Partial<DiagramOptions>;
}

export const traceStore = createTraceStore({
  now: () => performance.now(),
  later: (afterMs, then) => void setTimeout(then, afterMs),
});

clientsStore.subscribe((state) => {
  traceStore.getState().takeReports([...state.fleet, ...Object.values(state.tab)]);
});

clusterStore.subscribe(({ snapshot }, before) => {
  if (snapshot === null || snapshot.cluster === before.snapshot?.cluster) return;
  for (const pattern of PATTERNS) {
    const { replicas } = snapshot.cluster.patterns[pattern];
    traceStore.getState().listReplicas(
      pattern,
      replicas.map((replica) => replica.id),
    );
  }
  traceStore.getState().setTargetHasBroker(snapshot.cluster.patterns.target?.broker !== undefined);
});
