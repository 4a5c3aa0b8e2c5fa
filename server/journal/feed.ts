/**
 * The feed: what pages are told, live, over one Socket.IO connection each on the control port.
 *
 * Journal and control plane put in; pages only read (commands go over HTTP). Events wait in an
 * outbox per page and are sent only while its connection takes them, so that a slow page costs a
 * bounded amount and slows nobody.
 */
import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server, type Socket } from "socket.io";
import type { Clock, Timer } from "../../shared/clock.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Marker, Snapshot } from "../../shared/contracts/control.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import { type FaultState, NO_FAULTS } from "../../shared/faults/fault-state.ts";
import { type HoldState, NOTHING_HELD } from "../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { FeedAuth, FeedServerEvents } from "../../shared/trace/feed.ts";
import type { Journal } from "./journal.ts";
import { OUTBOX_LIMIT, PageOutbox } from "./page-outbox.ts";

/** How many of the newest events a page that opens is given. */
const OPENING_EVENTS = 2_000;
const OPENING_MARKERS = 50;
const FLUSH_EVERY_MS = 40;
const MAX_PAGES = 100;

type NoEvents = Record<string, never>;
interface PageData {
  outbox: PageOutbox;
  /** The states of held traffic and faults that it was sent last. */
  held: HoldState;
  faults: FaultState;
}
type Page = Socket<NoEvents, FeedServerEvents, NoEvents, PageData>;

export interface FeedOptions {
  http: HttpServer;
  journal: Journal;
  clock: Clock;
  /** Whether this upgrade or request may come in (Host, Origin, token). */
  isAllowed(request: IncomingMessage): boolean;
  /** The wire's clock, ms. */
  now(): number;
  snapshot(): Snapshot;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #io: Server<NoEvents, FeedServerEvents, NoEvents, PageData>;
  #timer: Timer | undefined;
  #metrics: Metrics | undefined;
  #clients: ClientView[] = [];
  #held: HoldState = NOTHING_HELD;
  #faults: FaultState = NO_FAULTS;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#io = new Server(options.http, {
      serveClient: false,
      maxHttpBufferSize: 16 * 1024,
      allowRequest: (request, answer) => {
        const isFull = this.#io.engine.clientsCount >= MAX_PAGES;
        answer(isFull ? "too many pages" : null, !isFull && options.isAllowed(request));
      },
    });
    this.#io.on("connection", (page) => this.#welcome(page));
    this.#flushSoon();
  }

  get pages(): number {
    return this.#io.engine.clientsCount;
  }

  events(events: readonly TraceEvent[]): void {
    const { dropped } = this.#options.journal;
    for (const page of this.#pages()) page.data.outbox.add(events, dropped);
  }

  /** The newest state matters, an older one need not arrive: a slow page skips some. */
  snapshot(snapshot: Snapshot): void {
    this.#io.volatile.emit("snapshot", snapshot);
  }

  metrics(metrics: Metrics): void {
    this.#metrics = metrics;
    this.#io.volatile.emit("metrics", metrics);
  }

  clients(clients: ClientView[]): void {
    this.#clients = clients;
    this.#io.volatile.emit("clients", clients);
  }

  /** Sent with the next flush to whoever reads; only the newest state matters. */
  held(state: HoldState): void {
    this.#held = state;
  }

  /** As `held`. */
  faults(state: FaultState): void {
    this.#faults = state;
  }

  marker(marker: Marker): void {
    this.#io.emit("marker", marker);
  }

  reset(): void {
    for (const page of this.#pages()) page.data.outbox.clear();
    this.#io.emit("reset");
  }

  limits(): Metrics["limits"] {
    const waiting = [...this.#pages()].map((page) => page.data.outbox?.size ?? 0);
    return {
      pages: { used: this.pages, limit: MAX_PAGES },
      "events waiting for the slowest page": { used: Math.max(0, ...waiting), limit: OUTBOX_LIMIT },
    };
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#io.close();
  }

  #pages(): Iterable<Page> {
    return this.#io.sockets.sockets.values();
  }

  #welcome(page: Page): void {
    // A page only listens; what it wants it asks over HTTP. One that talks is none of ours.
    page.onAny(() => page.disconnect(true));
    const { journal, snapshot } = this.#options;
    const { after } = page.handshake.auth as FeedAuth;
    const isKnown = Number.isSafeInteger(after) && (after as number) <= journal.lastSeq;
    const known = isKnown ? (after as number) : 0;
    if (after !== undefined && !isKnown) page.emit("reset"); // It remembers another playground.
    page.data.outbox = new PageOutbox(journal.opening(OPENING_EVENTS, known));
    page.emit("snapshot", snapshot());
    if (this.#metrics) page.emit("metrics", this.#metrics);
    page.emit("clients", this.#clients);
    page.data.held = this.#held;
    page.emit("held", this.#held);
    page.data.faults = this.#faults;
    page.emit("faults", this.#faults);
    for (const marker of journal.markers.slice(-OPENING_MARKERS)) page.emit("marker", marker);
  }

  #flushSoon(): void {
    this.#timer = this.#options.clock.after(FLUSH_EVERY_MS, () => {
      for (const page of this.#pages()) this.#flush(page);
      this.#flushSoon();
    });
  }

  /** Engine.IO says whether the transport has passed on everything it was given. */
  #flush(page: Page): void {
    if (!page.conn.transport.writable) return;
    if (page.data.held !== this.#held) {
      page.data.held = this.#held;
      page.emit("held", this.#held);
    }
    if (page.data.faults !== this.#faults) {
      page.data.faults = this.#faults;
      page.emit("faults", this.#faults);
    }
    const batch = page.data.outbox?.take();
    if (batch) page.emit("trace", { ...batch, now: this.#options.now() });
  }
}
