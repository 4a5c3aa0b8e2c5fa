import { expect, it } from "vitest";
import { ProcessCosts, type Reported } from "./process-costs.ts";

const MIB = 2 ** 20;

function replica(name: string, cpuMs: number, pid = 1): Reported {
  const pattern = name.startsWith("lp") ? "long-polling" : "web-sockets";
  return { name, kind: "replica", pattern, pid, cpuMs, rssBytes: 90 * MIB, loopLagMs: 0.1 };
}
const wire = (cpuMs: number): Reported => ({
  name: "wire",
  kind: "wire",
  pid: 7,
  cpuMs,
  rssBytes: 80 * MIB,
});

it("ME20 CPU is of the time between two readings; who is not heard of is left out", () => {
  const costs = new ProcessCosts();
  costs.report(replica("lp-1", 5_000), 1_000);
  expect(costs.processes(1_000)["lp-1"]).toEqual({
    kind: "replica",
    pid: 1,
    rssBytes: 90 * MIB,
    loopLagMs: 0.1,
  });
  costs.report(replica("lp-1", 5_250), 2_000);
  costs.report(replica("lp-1", 5_250), 2_000); // the same reading, once more
  expect(costs.processes(2_500)["lp-1"]?.cpuPercent).toBe(25);
  expect(costs.processes(7_001)).toEqual({});
});

it("ME21 replicas pay for their own pattern, shared processes for both", () => {
  const costs = new ProcessCosts();
  costs.report(replica("lp-1", 100), 0);
  costs.report(replica("lp-2", 100, 2), 0);
  costs.report(replica("ws-1", 100, 3), 0);
  costs.report(wire(1_000), 0);
  costs.advance(0);
  costs.report(replica("lp-1", 160), 1_000);
  costs.report(replica("lp-2", 140, 2), 1_000);
  costs.report(replica("ws-1", 130, 3), 1_000);
  costs.report(wire(1_600), 1_000);
  costs.delivered("long-polling", 2_000);
  costs.delivered("web-sockets", 1_000);
  expect(costs.perThousandDeliveries(1_000)).toEqual({
    windowMs: 1_000,
    replicas: { "long-polling": 50, "web-sockets": 30 },
    shared: { wire: 200 },
  });
});

it("ME21 looks back a minute, does not charge start-up, and outlives resets and restarts", () => {
  const costs = new ProcessCosts();
  for (let second = 0; second <= 90; second++) {
    // From second 45 on it is another process, and the wire's counts begin anew.
    const cpuMs = second < 45 ? 500 + 10 * second : 800 + 10 * (second - 45);
    costs.report(replica("lp-1", cpuMs, second < 45 ? 1 : 2), second * 1_000);
    costs.delivered("long-polling", 100 * (second < 45 ? second : second - 44));
    costs.advance(second * 1_000);
  }
  const { windowMs, replicas } = costs.perThousandDeliveries(90_000);
  expect(windowMs).toBe(60_000);
  expect(replicas["long-polling"]).toBeCloseTo((59 * 10 * 1_000) / 6_000, 1);
  costs.reset();
  costs.advance(91_000);
  expect(costs.perThousandDeliveries(91_000)).toEqual({ windowMs: 0, replicas: {}, shared: {} });
});
