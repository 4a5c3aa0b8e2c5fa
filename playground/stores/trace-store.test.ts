import { beforeEach, describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import { SampleTraffic } from "../../shared/trace/testing/sample-traffic.ts";
import { createTraceStore } from "./trace-store.ts";
import { DEFAULT_VIEW, type View } from "./view-store.ts";

let pageMs = 0;
let waiting: (() => void)[] = [];
let view: ReturnType<typeof newView>;
let store: ReturnType<typeof createTraceStore>;
let traffic: SampleTraffic;

function newView() {
  return createStore<View>()(() => ({ ...DEFAULT_VIEW }));
}

function feed(): void {
  store.getState().append({ events: traffic.take(), next: 0, dropped: 0, now: traffic.nowMs });
}

const rows = () => store.getState().diagram.sequence.rows;

beforeEach(() => {
  pageMs = 0;
  waiting = [];
  view = newView();
  store = createTraceStore({ now: () => pageMs, later: (_, then) => waiting.push(then) }, view);
  traffic = new SampleTraffic(1_000);
});

describe("trace store", () => {
  it("SD17 holds events back while the view is frozen, and catches up", () => {
    traffic.poll("lp-client-1");
    feed();
    view.setState({ frozen: true });
    traffic.poll("lp-client-2");
    traffic.poll("lp-client-3");
    feed();
    expect(rows()).toHaveLength(1);
    expect(store.getState().waiting).toBe(2);
    view.setState({ frozen: false });
    expect(rows()).toHaveLength(3);
    expect(store.getState().waiting).toBe(0);
  });

  it("SD17 stops the drawn clock with a frozen view", () => {
    traffic.poll("lp-client-1");
    feed();
    pageMs = 500;
    const frozenAtMs = store.getState().wireNow();
    expect(frozenAtMs).toBeCloseTo(traffic.nowMs + 500);
    view.setState({ frozen: true });
    pageMs = 9_000;
    expect(store.getState().wireNow()).toBe(frozenAtMs);
  });

  it("SD15 keeps only the newest of what waits", () => {
    view.setState({ frozen: true });
    for (let batch = 0; batch < 60; batch += 1) {
      for (let index = 0; index < 500; index += 1) traffic.poll("lp-client-1");
      feed();
    }
    expect(store.getState().waiting).toBeLessThanOrEqual(20_000);
    expect(store.getState().waiting).toBeGreaterThan(19_000);
  });

  it("SD9 draws a marker where its time is, though it came before older events", () => {
    store.getState().addMarker({ at: 1_500, text: "scaled", tone: "info" });
    for (const wake of waiting) wake();
    traffic.poll("lp-client-1");
    traffic.nowMs = 1_900;
    traffic.poll("lp-client-2");
    feed();
    expect(rows().map((row) => row.kind)).toEqual(["hop", "marker", "hop"]);
  });

  it("SD9 draws a marker that nothing follows", () => {
    traffic.poll("lp-client-1");
    feed();
    store.getState().addMarker({ at: traffic.nowMs + 10, text: "scaled", tone: "info" });
    expect(rows()).toHaveLength(1);
    pageMs = 200;
    for (const wake of waiting) wake();
    expect(rows().map((row) => row.kind)).toEqual(["hop", "marker"]);
  });

  it("SD1 draws what a client reports at the answer it is about", () => {
    traffic.poll("lp-client-1");
    traffic.expire("lp-client-1");
    const about = { id: "lp-client-1", updates: 0, idleAnswers: 0 } as ClientView;
    store.getState().takeReports([about]);
    feed();
    store.getState().takeReports([{ ...about, idleAnswers: 1 }]);
    expect(rows().map((row) => (row.kind === "hop" ? row.reported : ""))).toEqual([
      null,
      "nothing",
    ]);
    view.setState({ lens: "plain" });
    expect(rows().map((row) => (row.kind === "hop" ? row.reported : ""))).toEqual([
      null,
      "nothing",
    ]);
  });

  it("SD1 lets a report wait for the batch with its answer", () => {
    const about = { id: "lp-client-1", updates: 0, idleAnswers: 0 } as ClientView;
    store.getState().takeReports([about]);
    traffic.poll("lp-client-1");
    feed();
    store.getState().takeReports([{ ...about, updates: 1 }]);
    traffic.send("long-polling", "visitor", "a");
    feed();
    const reported = rows().filter((row) => row.kind === "hop" && row.reported === "updated");
    expect(reported.map((row) => row.kind === "hop" && row.event.label)).toEqual(["200 [41]"]);
  });

  it("shows one pattern alone and both again", () => {
    traffic.poll("lp-client-1");
    traffic.connect("ws-client-1");
    feed();
    view.setState({ shown: "web-sockets" });
    expect(rows().map((row) => row.kind === "hop" && row.pattern)).toEqual([
      "web-sockets",
      "web-sockets",
    ]);
    view.setState({ shown: "both" });
    expect(rows()).toHaveLength(3);
  });

  it("forgets everything on reset", () => {
    traffic.poll("lp-client-1");
    feed();
    store.getState().reset();
    expect(rows()).toEqual([]);
    expect(store.getState().eventBySeq(1)).toBeUndefined();
  });
});
