import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../shared/contracts/control.ts";
import { healthySnapshot, replica } from "./testing/snapshots.ts";
import { troublesOf } from "./troubles.ts";

function spoilt(spoil: (snapshot: Snapshot) => void): Snapshot {
  const snapshot = healthySnapshot();
  spoil(snapshot);
  return snapshot;
}

function idsOf(snapshot: Snapshot): string[] {
  return troublesOf({ feed: "open", snapshot }).map(({ id }) => id);
}

describe("what is wrong now", () => {
  it("PG13 says nothing while all is well, or nothing is known yet", () => {
    expect(troublesOf({ feed: "open", snapshot: healthySnapshot() })).toEqual([]);
    expect(troublesOf({ feed: "connecting", snapshot: null })).toEqual([]);
  });

  const spoils: [string, (snapshot: Snapshot) => void][] = [
    ["wire", ({ cluster }) => Object.assign(cluster.wire, { state: "down", note: "killed" })],
    ["broker", ({ health }) => Object.assign(health.broker, { state: "down" })],
    ["store", ({ health }) => Object.assign(health.store, { state: "down" })],
    ["none-web-sockets", ({ cluster }) => cluster.patterns["web-sockets"].replicas.splice(0)],
  ];
  it.each(spoils)("PG13 names what is down: %s", (id, spoil) => {
    expect(idsOf(spoilt(spoil))).toEqual([id]);
  });

  it("PG13 only the lost server is said while nothing else is current", () => {
    const snapshot = spoilt((s) => {
      s.health.broker.state = "down";
    });
    expect(troublesOf({ feed: "lost", snapshot }).map(({ id }) => id)).toEqual(["server"]);
  });

  it("PG13 tells what to do with a broker of somebody else's, not with a store of ours", () => {
    const [broker, store] = troublesOf({
      feed: "open",
      snapshot: spoilt((s) => {
        Object.assign(s.health.broker, { state: "down", given: true });
        s.health.store.state = "down";
        s.health.store.note = "connection refused";
      }),
    });
    expect(broker?.advice).toContain("REDIS_URL");
    expect(store?.advice).not.toContain("DATABASE_URL");
    expect(store?.advice).toContain("Connection refused. New messages are refused");
  });

  it("PG13 one ready replica is enough; frozen ones are told apart from dead ones", () => {
    const frozen = spoilt((s) => {
      s.cluster.patterns["long-polling"].replicas = [
        replica("lp-1", "frozen"),
        replica("lp-2", "frozen"),
      ];
    });
    expect(troublesOf({ feed: "open", snapshot: frozen })[0]?.advice).toContain("thaw");
    const half = spoilt((s) => {
      s.cluster.patterns["long-polling"].replicas = [replica("lp-1", "failed"), replica("lp-2")];
    });
    expect(idsOf(half)).toEqual([]);
  });
});
