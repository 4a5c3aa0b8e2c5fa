import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { clusterStore } from "../stores/cluster-store.ts";
import { metricsStore } from "../stores/metrics-store.ts";
import { healthySnapshot } from "../stores/testing/snapshots.ts";
import { traceStore } from "../stores/trace-store.ts";
import { openFeed } from "./feed.ts";

type Listener = (said?: unknown) => void;

/** Stands for socket.io-client's socket; the test is the server. */
const server = vi.hoisted(() => ({
  listeners: new Map<string, ((said?: unknown) => void)[]>(),
  options: {} as { auth?: (say: (auth: object) => void) => void },
}));
vi.mock("socket.io-client", () => ({
  io: (options: object) => {
    server.options = options;
    const on = (event: string, listener: Listener) =>
      server.listeners.set(event, [...(server.listeners.get(event) ?? []), listener]);
    return { on, close: () => undefined, connect: () => undefined };
  },
}));

function say(event: string, said?: unknown): void {
  for (const listener of server.listeners.get(event) ?? []) listener(said);
}

function sayEvents(...seqs: number[]): void {
  const events = seqs.map((seq): TraceEvent => {
    const ends = { from: "broker", to: "replica:lp-1" } as const;
    return { seq, at: seq, doneAt: seq, kind: "raw", ...ends, label: "x", bytes: 0 };
  });
  say("trace", { events, next: seqs.at(-1) ?? 0, dropped: 0, now: 1_000 });
}

/** What the page says of itself when it connects. */
function auth(): object {
  let said = {};
  server.options.auth?.((given) => {
    said = given;
  });
  return said;
}

describe("the feed", () => {
  beforeEach(() => {
    traceStore.getState().reset();
    clusterStore.setState({ snapshot: null });
    metricsStore.setState({ markers: [] });
    server.listeners.clear();
    openFeed();
  });

  it("PG14 a page that reconnects asks only for what came since, and draws no marker twice", () => {
    expect(auth()).toEqual({});
    say("snapshot", { ...healthySnapshot(), startedAt: 1 });
    say("marker", { at: 5, text: "lp-1 is killed.", tone: "bad" });
    sayEvents(6, 7);
    expect(auth()).toEqual({ after: 7 });
    say("snapshot", { ...healthySnapshot(), startedAt: 1 });
    say("marker", { at: 5, text: "lp-1 is killed.", tone: "bad" });
    say("marker", { at: 8, text: "lp-1 is killed.", tone: "bad" });
    expect(metricsStore.getState().markers.map(({ at }) => at)).toEqual([5, 8]);
    expect(traceStore.getState().eventBySeq(6)).toBeDefined();
  });

  it("PG13 another playground at the same address is drawn from its own beginning", () => {
    say("snapshot", { ...healthySnapshot(), startedAt: 1 });
    say("marker", { at: 5, text: "lp-1 is killed.", tone: "bad" });
    sayEvents(1, 2, 3);
    say("snapshot", { ...healthySnapshot(), startedAt: 2 });
    expect(metricsStore.getState().markers).toEqual([]);
    expect(traceStore.getState().eventBySeq(2)).toBeUndefined();
    sayEvents(2);
    expect(traceStore.getState().eventBySeq(2)).toBeDefined();
  });
});
