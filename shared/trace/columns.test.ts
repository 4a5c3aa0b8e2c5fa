import { describe, expect, it } from "vitest";
import { chooseColumns } from "./columns.ts";
import { DEFAULT_DIAGRAM, Diagram } from "./diagram.ts";
import { placeColumns } from "./places.ts";
import { Roster } from "./roster.ts";
import { SampleTraffic } from "./testing/sample-traffic.ts";

const options = {
  followed: [] as string[],
  maxClients: 3,
  maxReplicas: 4,
  balancerShown: false,
  brokerShown: true,
  storeShown: true,
  targetHasBroker: false,
  sinceMs: 0,
};

function rosterOf(traffic: SampleTraffic): Roster {
  const roster = new Roster();
  for (const event of traffic.take()) roster.add(event);
  return roster;
}

function titles(roster: Roster, more: Partial<typeof options> = {}): string[] {
  return chooseColumns("long-polling", roster, { ...options, ...more })
    .columns.filter((column) => !column.hidden)
    .map((column) => column.title);
}

function polling(...names: string[]): SampleTraffic {
  const traffic = new SampleTraffic();
  for (const name of names) traffic.poll(name);
  return traffic;
}

const fleet = (count: number) => Array.from({ length: count }, (_, at) => `lp-client-${at + 1}`);

describe("columns", () => {
  it("SD11 gives the fleet's first clients lifelines and counts the rest", () => {
    const roster = rosterOf(polling(...fleet(995).reverse()));
    expect(titles(roster).slice(0, 4)).toEqual(["client 1", "client 2", "client 3", "+992"]);
  });

  it("SD11 puts followed clients and the page's own first, strangers last", () => {
    const roster = rosterOf(polling("127.0.0.1:5000", "visitor", ...fleet(9), "tab-a1b2"));
    expect(titles(roster, { followed: ["lp-client-7"] }).slice(0, 4)).toEqual([
      "client 7",
      "this tab",
      "client 1",
      "+9",
    ]);
  });

  it("SD11 says so where all who share the lifeline are strangers", () => {
    const roster = rosterOf(polling(...fleet(3), "127.0.0.1:5000", "127.0.0.1:5001"));
    expect(titles(roster)[3]).toBe("2 strangers");
  });

  it("SD11 gives one client more the shared lifeline's place", () => {
    expect(titles(rosterOf(polling(...fleet(4)))).slice(0, 4)).toEqual([
      "client 1",
      "client 2",
      "client 3",
      "client 4",
    ]);
  });

  it("SD12 lets a client that left go, and keeps one that waits", () => {
    const traffic = polling("lp-client-1", "lp-client-2");
    const [poll] = traffic.events;
    traffic.add({
      kind: "socket.close",
      pattern: "long-polling",
      from: "client:lp-client-1",
      to: poll?.to ?? "replica:lp-1",
      label: "client left",
      causes: [poll?.seq ?? 0],
      info: { closedBy: "client" },
    });
    const roster = rosterOf(traffic);
    roster.settle(traffic.nowMs + 1_000);
    expect(roster.clients("long-polling")).toHaveLength(2);
    roster.settle(traffic.nowMs + 3_000);
    expect(roster.clients("long-polling").map((member) => member.id)).toEqual([
      "client:lp-client-2",
    ]);
    roster.settle(traffic.nowMs + 600_000);
    expect(roster.clients("long-polling")).toHaveLength(1);
  });

  it("SD12 keeps a place for those who left while rows name them", () => {
    const traffic = polling(...fleet(6));
    for (const { seq, from, to } of traffic.events.slice(2)) {
      const causes = [seq];
      const pattern = "long-polling";
      traffic.add({ kind: "socket.close", pattern, from, to, label: "client left", causes });
    }
    const roster = rosterOf(traffic);
    roster.settle(traffic.nowMs + 3_000);
    expect(titles(roster).slice(0, 3)).toEqual(["client 1", "client 2", "left"]);
    expect(titles(roster, { sinceMs: traffic.nowMs + 1 }).slice(0, 3)).toEqual([
      "client 1",
      "client 2",
      "lp-1",
    ]);
  });

  it("SD12 keeps listed replicas in their order, whether heard of or not", () => {
    const roster = rosterOf(polling(...fleet(2)));
    roster.list("long-polling", ["lp-1", "lp-2", "lp-10"]);
    roster.settle(10_000_000);
    expect(titles(roster)).toEqual([
      "client 1",
      "client 2",
      "lp-1",
      "lp-2",
      "lp-10",
      "broker",
      "store",
    ]);
  });

  it("SD13 places a hidden balancer between clients and replicas", () => {
    const half = chooseColumns("long-polling", rosterOf(polling(...fleet(2))), options);
    const xs = placeColumns(half.columns, 440, 34);
    const at = half.indexOf("balancer:long-polling");
    expect(half.columns[at]?.hidden).toBe(true);
    expect(xs[at]).toBeGreaterThan(xs[at - 1] ?? 0);
    expect(xs[at]).toBeLessThan(xs[at + 1] ?? 0);
    expect(xs[0]).toBe(34);
    expect(xs.at(-1)).toBeCloseTo(440 - 34);
  });

  it("SD14 knows only clients, replicas and the broker as the reference does", () => {
    const traffic = new SampleTraffic();
    traffic.poll("lp-client-1");
    traffic.send("long-polling", "lp-client-1", "lunch?");
    const diagram = new Diagram({ ...DEFAULT_DIAGRAM, lens: "reference" });
    diagram.append(traffic.take(), traffic.nowMs);
    const told = diagram.sequence.rows.flatMap((row) =>
      row.kind === "hop" ? row.event.label : [],
    );
    expect(told.join()).not.toMatch(/INSERT|receivers/);
    expect(told).toContain("PUBLISH messages:lobby");
    const roles = diagram.heads["long-polling"]?.columns.flatMap((each) =>
      each.hidden ? [] : each.role,
    );
    expect(new Set(roles)).toEqual(new Set(["client", "replica", "broker"]));
  });
});
