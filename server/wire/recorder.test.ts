import { describe, expect, it } from "vitest";
import type { Participant } from "../../shared/contracts/ids.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { Hop } from "./hop.ts";
import { Joiner } from "./joiner.ts";
import { RAW_LIMIT_BYTES, RawStore } from "./raw-store.ts";
import { WireRecorder } from "./recorder.ts";
import { Sampler, type SamplerLimits } from "./sampler.ts";

function hop(from: Participant, to: Participant, facts: Partial<Hop> = {}): Hop {
  return {
    at: 1,
    doneAt: 2,
    kind: "packet",
    from,
    to,
    label: "",
    bytes: 1,
    pattern: "web-sockets",
    ...facts,
  };
}

function start(limits: Partial<SamplerLimits> = {}) {
  const folded: TraceEvent[] = [];
  const troubles: unknown[] = [];
  const rawStore = new RawStore();
  const recorder = new WireRecorder({
    now: () => 0,
    joiner: new Joiner(),
    sampler: new Sampler({ batch: 100, clientHops: 10, followed: 2, ...limits }),
    rawStore,
    fold: (event) => {
      if (event.label === "poison") throw new Error("a fold failed");
      folded.push(event);
    },
    onTrouble: (error) => troubles.push(error),
  });
  return { recorder, folded, troubles, rawStore };
}

const fanOut = (recorder: WireRecorder, clients: number): void => {
  for (let i = 1; i <= clients; i++) {
    recorder.record(hop("replica:ws-1", `client:ws-client-${i}`));
  }
};

describe("the recorder", () => {
  it("TR1 numbers hops 1, 2, 3 … and gives no raw bytes away", () => {
    const { recorder } = start();
    const raw = [Buffer.from("hello")];
    expect(recorder.record(hop("replica:ws-1", "broker", { raw }))).toBe(1);
    expect(recorder.record(hop("broker", "replica:ws-1"))).toBe(2);
    const batch = recorder.takeBatch();
    expect(batch?.events.map((event) => event.seq)).toEqual([1, 2]);
    expect(JSON.stringify(batch)).not.toContain("raw");
    expect(recorder.takeBatch()).toBeUndefined();
  });

  it("TR7 counts every event in the metrics, also what is not drawn", () => {
    const { recorder, folded } = start();
    fanOut(recorder, 500);
    const batch = recorder.takeBatch();
    expect(folded.length).toBe(500);
    expect(batch?.events.length).toBe(12);
    expect(batch?.dropped).toBe(488);
  });

  it("TR7 always draws the first clients, and hops that are no client's before those of others", () => {
    const { recorder } = start();
    fanOut(recorder, 50);
    recorder.record(hop("replica:ws-1", "broker", { label: "PUBLISH" }));
    fanOut(recorder, 2);
    const events = recorder.takeBatch()?.events ?? [];
    expect(events.at(-3)?.label).toBe("PUBLISH");
    expect(events.filter((event) => event.to === "client:ws-client-1").length).toBe(2);
    expect(events.filter((event) => event.to === "client:ws-client-49").length).toBe(0);
  });

  it("TR7 draws the response of every drawn request, and of no other", () => {
    const { recorder } = start();
    const requests: number[] = [];
    for (let i = 1; i <= 40; i++) {
      requests.push(recorder.record(hop(`client:c${i}`, "replica:lp-1", { kind: "http.request" })));
    }
    const drawn = new Set(recorder.takeBatch()?.events.map((event) => event.seq));
    for (const [at, request] of requests.entries()) {
      const to: Participant = `client:c${at + 1}`;
      recorder.record(hop("replica:lp-1", to, { kind: "http.response", causes: [request] }));
    }
    const answered = recorder.takeBatch()?.events.map((event) => event.causes?.[0]);
    expect(answered).toEqual([...drawn]);
  });

  it("TR8 keeps a bounded number of events while nobody takes them, and counts the rest", () => {
    const { recorder } = start();
    for (let i = 0; i < 300; i++) recorder.record(hop("replica:ws-1", "broker"));
    expect(recorder.waiting).toBe(100);
    expect(recorder.takeBatch()?.dropped).toBe(200);
    recorder.record(hop("replica:ws-1", "broker"));
    expect(recorder.takeBatch()?.events.length).toBe(1);
  });

  it("TR9 never throws: a fold that fails loses its event, counted and told", () => {
    const { recorder, troubles } = start();
    expect(recorder.record(hop("replica:ws-1", "broker", { label: "poison" }))).toBe(1);
    expect(recorder.takeBatch()).toEqual({ events: [], dropped: 1 });
    expect(troubles.length).toBe(1);
  });
});

describe("raw bytes", () => {
  it("TR10 keeps at most 4 KiB of a hop", () => {
    const store = new RawStore();
    store.keep(1, "raw", [Buffer.alloc(3_000, "a"), Buffer.alloc(3_000, "b")]);
    store.keep(2, "raw", [Buffer.from("short")]);
    expect(store.get(1)).toMatchObject({ truncated: true });
    expect(store.get(1)?.bytes).toEqual(Buffer.from("a".repeat(3_000) + "b".repeat(1_096)));
    expect(String(store.get(2)?.bytes)).toBe("short");
    expect(store.get(3)).toBeUndefined();
  });

  it("TR10 overwrites the oldest when 16 MiB are full, and never tells wrong bytes", () => {
    const store = new RawStore();
    const hops = 9_000;
    for (let seq = 1; seq <= hops; seq++) {
      store.keep(seq, "raw", [Buffer.alloc(4_000, String(seq % 10))]);
    }
    expect(store.usedBytes).toBe(RAW_LIMIT_BYTES);
    expect(store.get(1)).toBeUndefined();
    let kept = 0;
    for (let seq = 1; seq <= hops; seq++) {
      const raw = store.get(seq);
      if (!raw) continue;
      kept += 1;
      expect(raw.bytes.equals(Buffer.alloc(4_000, String(seq % 10)))).toBe(true);
    }
    expect(kept).toBeGreaterThan(4_000);
  });
});
