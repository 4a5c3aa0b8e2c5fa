import { describe, expect, it } from "vitest";
import { Axis, SCREEN_SCALE } from "./axis.ts";
import { DEFAULT_DIAGRAM, Diagram } from "./diagram.ts";
import { diagramOf, hops, idleRounds, kinds, labels } from "./testing/diagrams.ts";
import { SampleTraffic } from "./testing/sample-traffic.ts";

describe("sequence", () => {
  it("SD1 SD2 draws every hop of a message in the order it crossed", () => {
    const traffic = new SampleTraffic();
    traffic.poll("lp-client-1");
    traffic.send("long-polling", "lp-client-1", "lunch?");
    const all = traffic.events.map((event) => event.label);
    const diagram = diagramOf(traffic);
    expect(labels(diagram)).toEqual(all);
    expect(all.slice(0, 4)).toEqual(["GET after=40", "POST “lunch?”", "INSERT “lunch?”", "id 41"]);
  });

  it("SD2 SD3 keeps order across halves and a least distance within one", () => {
    const traffic = new SampleTraffic();
    traffic.poll("lp-client-1");
    traffic.connect("ws-client-1");
    traffic.send("web-sockets", "ws-client-1", "a");
    traffic.send("long-polling", "lp-client-1", "b");
    const rows = hops(diagramOf(traffic));
    rows.forEach((row, index) => {
      const before = rows[index - 1];
      if (before !== undefined) expect(row.y).toBeGreaterThanOrEqual(before.y);
      const own = rows.slice(0, index).findLast((each) => each.pattern === row.pattern);
      if (own !== undefined) expect(row.y - own.y).toBeGreaterThanOrEqual(SCREEN_SCALE.rowPx);
    });
    const beside = rows.find((row) => row.pattern === "web-sockets");
    expect(beside?.y).toBe(rows[0]?.y);
  });

  it("SD3 makes silence over a second a break with its length, and a shorter pause none", () => {
    const traffic = new SampleTraffic();
    traffic.poll("lp-client-1");
    traffic.nowMs += 900;
    traffic.poll("lp-client-2");
    traffic.nowMs += 9_200;
    traffic.poll("lp-client-3");
    const diagram = diagramOf(traffic);
    expect(kinds(diagram)).toEqual(["hop", "hop", "break", "hop"]);
    const quiet = diagram.sequence.rows.find((row) => row.kind === "break");
    expect(quiet?.kind === "break" && Math.round(quiet.quietMs)).toBe(9_200);
  });

  it("SD3 begins a delayed hop where others were when it was sent", () => {
    const traffic = new SampleTraffic();
    traffic.connect("ws-client-1");
    traffic.heartbeat("ws-client-1");
    const [first] = traffic.events;
    const last = traffic.events.at(-1);
    if (first === undefined || last === undefined) throw new Error("no traffic was made");
    last.at = first.doneAt - 1;
    last.doneAt = first.doneAt + 300;
    const rows = hops(diagramOf(traffic));
    expect((rows.at(-1)?.y ?? 0) - (rows.at(-1)?.rise ?? 0)).toBe(rows[0]?.y);
    expect(rows[0]?.rise).toBe(0);
  });

  it("SD4 bundles like hops of clients that share a lifeline, and not those of followed ones", () => {
    const traffic = new SampleTraffic(0, 1);
    const names = Array.from({ length: 30 }, (_, index) => `lp-client-${index + 1}`);
    for (const name of names) traffic.poll(name);
    const rows = hops(diagramOf(traffic));
    expect(rows.map((row) => row.count)).toEqual([1, 1, 1, 27]);
    expect(rows.at(-1)?.seqs).toHaveLength(27);
  });

  it("SD4 begins a new bundle 250 ms after the first of its hops", () => {
    const traffic = new SampleTraffic(0, 1);
    for (let index = 4; index < 7; index += 1) traffic.poll(`lp-client-${index}`);
    const diagram = new Diagram({ ...DEFAULT_DIAGRAM, maxClients: 0 });
    traffic.nowMs += 300;
    traffic.poll("lp-client-9");
    traffic.poll("lp-client-10");
    diagram.append(traffic.take(), traffic.nowMs);
    expect(hops(diagram).map((row) => row.count)).toEqual([3, 2]);
  });

  it("SD5 counts instead of drawing when a half gets more rows than anyone can follow", () => {
    const traffic = new SampleTraffic();
    traffic.connect("ws-client-1");
    for (let index = 0; index < 200; index += 1) {
      traffic.send("web-sockets", "ws-client-1", `number ${index}`);
    }
    const sent = traffic.events.length;
    const rows = hops(diagramOf(traffic));
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(sent);
    expect(rows.length).toBeLessThan(120);
    expect(rows.some((row) => row.mixed && row.count > 50)).toBe(true);
  });

  it("SD6 draws a poll as a bar from its request to its answer", () => {
    const traffic = new SampleTraffic();
    traffic.poll("lp-client-1");
    traffic.poll("lp-client-2");
    traffic.nowMs += 400;
    traffic.expire("lp-client-1");
    const [first, second] = diagramOf(traffic).sequence.bars;
    expect(first?.start.event.label).toBe("GET after=40");
    expect(first?.end?.event.label).toBe("200 [ ] idle");
    expect(first?.open).toBe(0);
    expect(second).toMatchObject({ end: null, open: 1 });
  });

  it("SD6 gives polls that overlap at one replica lanes of their own", () => {
    const traffic = new SampleTraffic(0, 1);
    traffic.poll("lp-client-1");
    traffic.poll("lp-client-2");
    traffic.expire("lp-client-1");
    traffic.poll("lp-client-1");
    expect(diagramOf(traffic).sequence.bars.map((bar) => bar.lane)).toEqual([0, 1, 0]);
  });

  it("SD9 draws markers among the hops, also after folding anew", () => {
    const traffic = new SampleTraffic();
    const diagram = diagramOf(traffic);
    traffic.poll("lp-client-1");
    diagram.append(traffic.take(), traffic.nowMs);
    diagram.mark({ at: traffic.nowMs, text: "scaled to 3", tone: "info" });
    traffic.poll("lp-client-2");
    diagram.append(traffic.take(), traffic.nowMs);
    expect(kinds(diagram)).toEqual(["hop", "marker", "hop"]);
    diagram.mark({ at: traffic.nowMs + 1, text: "and back", tone: "info" });
    diagram.passed(traffic.nowMs + 2);
    expect(kinds(diagram)).toEqual(["hop", "marker", "hop", "marker"]);
    diagram.configure({ ...diagram.options, lens: "plain" });
    expect(kinds(diagram)).toEqual(["hop", "marker", "hop", "marker"]);
  });

  it("SD15 forgets the oldest rows, and draws an event once that comes twice", () => {
    const traffic = new SampleTraffic();
    for (let index = 0; index < 6_000; index += 1) {
      traffic.nowMs += 200;
      traffic.poll("lp-client-1");
    }
    const events = traffic.take();
    const diagram = new Diagram();
    diagram.append(events, traffic.nowMs);
    diagram.append(events.slice(-50), traffic.nowMs);
    expect(diagram.sequence.rows.length).toBeLessThanOrEqual(5_000);
    expect(diagram.sequence.rows.length).toBeGreaterThan(4_000);
    expect(hops(diagram).at(-1)?.event.seq).toBe(6_000);
  });

  it("SD16 gives the same rows one by one and all at once", () => {
    const traffic = new SampleTraffic();
    const names = ["lp-client-1", "lp-client-2", "lp-client-3", "lp-client-4", "lp-client-5"];
    for (const name of names) traffic.poll(name);
    idleRounds(traffic, 7, names);
    traffic.connect("ws-client-1");
    traffic.send("web-sockets", "ws-client-1", "a");
    const events = traffic.take();
    const slowly = new Diagram();
    for (const event of events) {
      slowly.append([event], event.doneAt);
      slowly.place();
    }
    const atOnce = new Diagram();
    atOnce.append(events, traffic.nowMs);
    atOnce.place();
    const told = (diagram: Diagram) =>
      diagram.sequence.rows.map((row) => `${row.key} ${row.kind} ${row.y.toFixed(3)}`);
    expect(told(slowly)).toEqual(told(atOnce));
  });

  it("SD3 places rows the same whether in one go or in many", () => {
    const traffic = new SampleTraffic();
    traffic.connect("ws-client-1");
    traffic.send("web-sockets", "ws-client-1", "a");
    const diagram = diagramOf(traffic);
    const before = diagram.sequence.rows.map((row) => row.y);
    diagram.sequence.unplaced = 0;
    new Axis(SCREEN_SCALE).place(diagram.sequence);
    expect(diagram.sequence.rows.map((row) => row.y)).toEqual(before);
  });
});
