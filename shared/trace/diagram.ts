/**
 * The whole fold in one place: events and markers → window, roster, columns → sequence → axis.
 * When who is drawn changes (a client came, another lens), the kept events are folded anew; else
 * each event costs a few map look-ups. It holds no time of its own and draws nothing.
 */
import type { Marker } from "../contracts/control.ts";
import { PATTERNS, type Participant, type Side } from "../contracts/ids.ts";
import { Axis, type AxisScale, SCREEN_SCALE } from "./axis.ts";
import { type ColumnOptions, chooseColumns, type HalfColumns, sameColumns } from "./columns.ts";
import type { TraceEvent } from "./event.ts";
import { EventWindow } from "./event-window.ts";
import { type Lens, lensShows } from "./lens.ts";
import { Roster } from "./roster.ts";
import type { FoldRow } from "./rows.ts";
import { Sequence } from "./sequence.ts";

export interface DiagramOptions extends Omit<ColumnOptions, "sinceMs"> {
  /** Whose halves are drawn. */
  patterns: readonly Side[];
  lens: Lens;
  scale: AxisScale;
  /** The trace id of the one message whose hops are drawn; `null`: all of them. */
  follow: string | null;
}

export const DEFAULT_DIAGRAM: DiagramOptions = {
  patterns: PATTERNS,
  lens: "protocol",
  scale: SCREEN_SCALE,
  brokerShown: true,
  storeShown: true,
  follow: null,
  followed: [],
  maxClients: 3,
  maxReplicas: 4,
  balancerShown: false,
  targetHasBroker: false,
};

function inTime(markers: Marker[]): Marker[] {
  return markers.sort((a, b) => a.at - b.at);
}

/** How much is kept; without, the bounds of a live page. */
export interface DiagramBounds {
  events: number;
  rows: number;
}

type Halves = Partial<Record<Side, HalfColumns>>;

const MAX_MARKERS = 200;
/** With many clients coming and going, columns are chosen only so often. */
const MANY_CLIENTS = 100;
const CHOOSE_EVERY_MS = 250;
const SETTLE_EVERY_MS = 1_000;

export class Diagram {
  readonly events: EventWindow;
  readonly roster = new Roster();
  #options: DiagramOptions;
  readonly #maxRows: number | undefined;
  /** All of them, oldest first, and those that the rows have not come to yet. */
  #markers: Marker[] = [];
  #pending: Marker[] = [];
  #sequence: Sequence;
  #axis: Axis;
  #heads: Halves;
  #chosenRevision = 0;
  #chosenAtMs = 0;
  #settledAtMs = 0;

  constructor(options: DiagramOptions = DEFAULT_DIAGRAM, bounds?: DiagramBounds) {
    this.#options = options;
    this.#maxRows = bounds?.rows;
    this.events = new EventWindow(bounds?.events);
    this.#heads = this.#choose();
    this.#sequence = this.#newSequence();
    this.#axis = new Axis(options.scale);
  }

  get sequence(): Sequence {
    return this.#sequence;
  }

  /** Where things are; call `place` first. */
  get axis(): Axis {
    return this.#axis;
  }

  get options(): DiagramOptions {
    return this.#options;
  }

  /** The lifelines of each half that is drawn, with counts as of the last append. */
  get heads(): Halves {
    return this.#heads;
  }

  append(events: readonly TraceEvent[], nowMs: number): void {
    for (const event of events) {
      if (!this.events.add(event)) continue;
      this.roster.add(event);
      this.#markBefore(event.doneAt);
      this.#sequence.append(event);
    }
    this.settle(nowMs);
  }

  /**
   * Everything at once, in place of appending bit by bit: whoever took part keeps a lifeline, and
   * all is folded once.
   */
  load(events: readonly TraceEvent[], markers: readonly Marker[]): void {
    for (const event of events) if (this.events.add(event)) this.roster.add(event);
    this.#markers = inTime([...markers]);
    this.#chosenRevision = this.roster.revision;
    this.#heads = this.#choose();
    this.#refold();
  }

  /** Lets go of who has left, and gives newcomers their lifelines. */
  settle(nowMs: number): void {
    if (nowMs - this.#settledAtMs >= SETTLE_EVERY_MS) {
      this.#settledAtMs = nowMs;
      this.roster.settle(nowMs);
    }
    if (this.roster.revision === this.#chosenRevision) return;
    if (this.roster.size > MANY_CLIENTS && nowMs - this.#chosenAtMs < CHOOSE_EVERY_MS) return;
    this.#chosenAtMs = nowMs;
    this.#chosenRevision = this.roster.revision;
    const heads = this.#choose();
    const moved = this.#options.patterns.some((pattern) => {
      const [before, after] = [this.#heads[pattern], heads[pattern]];
      return before === undefined || after === undefined || !sameColumns(before, after);
    });
    this.#heads = heads;
    if (moved) this.#refold();
  }

  /** A marker is drawn where its time is: what was forwarded before it may still be on its way here. */
  mark(marker: Marker): void {
    this.#markers = inTime([...this.#markers, marker]).slice(-MAX_MARKERS);
    this.#pending = inTime([...this.#pending, marker]).slice(-MAX_MARKERS);
  }

  /** Nothing older than this is on its way any more. True if a marker was drawn. */
  passed(atMs: number): boolean {
    const waiting = this.#pending.length;
    this.#markBefore(atMs);
    return this.#pending.length < waiting;
  }

  #markBefore(atMs: number): void {
    while (this.#pending[0] !== undefined && this.#pending[0].at < atMs) {
      this.#sequence.mark(this.#pending[0]);
      this.#pending.shift();
    }
  }

  report(client: Participant, reported: "updated" | "nothing", times: number): number {
    return this.#sequence.report(client, reported, times);
  }

  listReplicas(pattern: Side, replicas: readonly string[]): void {
    this.roster.list(pattern, replicas);
    this.settle(this.#settledAtMs);
  }

  toggle(fold: FoldRow): void {
    this.#sequence.toggle(fold);
  }

  place(): void {
    this.#axis.place(this.#sequence);
  }

  configure(options: DiagramOptions): void {
    this.#options = options;
    this.#heads = this.#choose();
    this.#refold();
  }

  clear(): void {
    this.events.clear();
    this.roster.clear();
    this.#markers = [];
    this.#pending = [];
    this.#heads = this.#choose();
    this.#refold();
  }

  #choose(): Halves {
    const halves: Halves = {};
    const { lens, patterns } = this.#options;
    for (const pattern of patterns) {
      halves[pattern] = chooseColumns(pattern, this.roster, {
        ...this.#options,
        balancerShown: this.#options.balancerShown && lens !== "reference",
        storeShown: this.#options.storeShown && lens !== "reference",
        sinceMs: this.events.oldestAtMs,
      });
    }
    return halves;
  }

  #newSequence(): Sequence {
    const { lens, follow } = this.#options;
    const isOfStory = follow === null ? () => true : storyOf(follow, this.events);
    return new Sequence({
      halves: this.#heads,
      shows: (event) =>
        lensShows(lens, event) && hasLifelines(event, this.#options) && isOfStory(event),
      ...(this.#maxRows === undefined ? {} : { maxRows: this.#maxRows }),
    });
  }

  #refold(): void {
    const before = this.#sequence;
    this.#sequence = this.#newSequence();
    this.#axis = new Axis(this.#options.scale);
    const waiting = this.#pending;
    this.#pending = this.#markers.filter((marker) => !waiting.includes(marker));
    for (const event of this.events.all()) {
      this.#markBefore(event.doneAt);
      this.#sequence.append(event);
    }
    this.#markBefore(Number.POSITIVE_INFINITY);
    this.#pending = waiting;
    this.#sequence.keepReports(before);
  }
}

/** A lifeline that is left out takes every hop that ends there along. */
function hasLifelines({ from, to }: TraceEvent, options: DiagramOptions): boolean {
  const ends = [from, to];
  return (
    (options.brokerShown || !ends.includes("broker")) &&
    (options.storeShown || !ends.includes("store"))
  );
}

/** One message's hops, and the polls that brought it: those bear no trace id of their own. */
function storyOf(traceId: string, events: EventWindow): (event: TraceEvent) => boolean {
  const causes = new Set(events.story(traceId).flatMap((event) => event.causes ?? []));
  return (event) => event.traceId === traceId || causes.has(event.seq);
}
