/** What the diagram does not draw hop by hop: idle rounds, heartbeats, set-up. */
import { describe, expect, it } from "vitest";
import { diagramOf, folds, hops, idleRounds, kinds, labels } from "./testing/diagrams.ts";
import { SampleTraffic } from "./testing/sample-traffic.ts";

describe("what is folded or set apart", () => {
  it("SD7 folds old rounds of idle polls and keeps the newest", () => {
    const traffic = new SampleTraffic();
    const names = ["lp-client-1", "lp-client-2", "lp-client-3"];
    for (const name of names) traffic.poll(name);
    idleRounds(traffic, 9, names);
    const diagram = diagramOf(traffic);
    const [fold, ...more] = folds(diagram);
    expect(more).toEqual([]);
    const unfolded = hops(diagram).filter((row) => row.event.outcome === "idle").length;
    expect((fold?.idlePolls ?? 0) + unfolded).toBe(27);
    expect(fold?.idlePolls).toBeGreaterThanOrEqual(15);
    expect(unfolded).toBeGreaterThanOrEqual(6);
    expect(fold?.spanMs).toBeGreaterThan(40_000);
  });

  it("SD7 counts a ping and its pong as one heartbeat", () => {
    const traffic = new SampleTraffic();
    traffic.connect("ws-client-1");
    for (let beat = 0; beat < 40; beat += 1) {
      traffic.nowMs += 25_000;
      traffic.heartbeat("ws-client-1");
    }
    const diagram = diagramOf(traffic);
    const pings = labels(diagram).filter((label) => label === "ping").length;
    expect((folds(diagram)[0]?.heartbeats["web-sockets"] ?? 0) + pings).toBe(40);
  });

  it("SD7 ends a run at anything that was said", () => {
    const traffic = new SampleTraffic();
    const names = ["lp-client-1", "lp-client-2", "lp-client-3"];
    for (const name of names) traffic.poll(name);
    idleRounds(traffic, 5, names);
    traffic.send("long-polling", "visitor", "lunch?");
    idleRounds(traffic, 6, names);
    expect(folds(diagramOf(traffic))).toHaveLength(2);
  });

  it("SD7 unfolds and folds again", () => {
    const traffic = new SampleTraffic();
    const names = ["lp-client-1", "lp-client-2"];
    for (const name of names) traffic.poll(name);
    idleRounds(traffic, 9, names);
    const diagram = diagramOf(traffic);
    const fold = folds(diagram)[0];
    if (fold === undefined) throw new Error("nothing was folded");
    const before = diagram.sequence.rows.length;
    diagram.toggle(fold);
    diagram.place();
    expect(diagram.sequence.rows).toHaveLength(before + fold.rows.length);
    const ys = diagram.sequence.rows.map((row) => row.y);
    expect(ys).toEqual([...ys].sort((a, b) => a - b));
    diagram.toggle(fold);
    expect(diagram.sequence.rows).toHaveLength(before);
  });

  it("SD8 keeps set-up in its band, each kind once, and draws subscriptions", () => {
    const traffic = new SampleTraffic();
    traffic.setUp();
    traffic.setUp();
    const diagram = diagramOf(traffic);
    const band = diagram.sequence.setup("long-polling");
    expect(band.map((row) => `${row.event.label} ×${row.count}`)).toEqual([
      "HELLO 3 ×4",
      "PSUBSCRIBE messages:* ×4",
    ]);
    expect(labels(diagram).every((label) => label.includes("SUBSCRIBE"))).toBe(true);
  });

  it("SD8 lets no heartbeat behind the replicas interrupt a silence", () => {
    const traffic = new SampleTraffic();
    traffic.poll("lp-client-1");
    for (let second = 0; second < 10; second += 1) {
      traffic.nowMs += 1_000;
      traffic.add({
        kind: "redis.command",
        pattern: "long-polling",
        from: "replica:lp-1",
        to: "broker",
        label: "PING",
        info: { command: "PING", heartbeat: true },
      });
    }
    traffic.expire("lp-client-1");
    const diagram = diagramOf(traffic);
    expect(kinds(diagram)).toEqual(["hop", "break", "hop"]);
    expect(diagram.sequence.setup("long-polling").map((row) => row.count)).toEqual([10]);
  });

  it("SD8 draws the connecting of clients, which is their pattern's first step", () => {
    const traffic = new SampleTraffic();
    traffic.add({
      kind: "socket.open",
      pattern: "web-sockets",
      from: "client:ws-client-1",
      to: "replica:ws-1",
      label: "CONNECT 101",
      info: { setup: true },
    });
    expect(labels(diagramOf(traffic))).toEqual(["CONNECT 101"]);
  });
});
