/** A short run against a real playground: every kind of process is killed or frozen under load. */
import { expect, it } from "vitest";
import type { Fault } from "./faults.ts";
import { type ChaosReport, runChaos } from "./run.ts";

/** Found by trying: kills a replica, the wire, the broker and the store, one after another. */
const SEED = 52;

it.skipIf(process.platform === "win32")(
  "CH2 under load and faults, nothing acknowledged is lost, and all is well again by itself",
  async () => {
    const said: string[] = [];
    const report: ChaosReport = await runChaos({
      seed: SEED,
      faults: 4,
      together: 1,
      longestMs: 1_500,
      broker: "embedded",
      replicas: 2,
      fleet: 10,
      rate: 5,
      say: (line) => said.push(line),
    });
    const told = `${said.join("\n")}\nReplay: npm run chaos -- --seed ${SEED} --faults 4 --longest 1500`;
    expect(report.broken, told).toEqual([]);
    expect(new Set(report.faults.map(partOf))).toEqual(
      new Set(["replica", "wire", "broker", "store"]),
    );
    for (const { acknowledged } of Object.values(report.counts)) {
      expect(acknowledged).toBeGreaterThan(20);
    }
  },
  120_000,
);

function partOf(fault: Fault): string {
  return "part" in fault ? fault.part : "replica";
}
