/** The whole program: how soon it is ready, and how soon more replicas are. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuiltPlayground } from "../../outside/built-playground.ts";
import type { BenchRow, Measure } from "../row.ts";
import { below } from "./targets.ts";

const PARKED = { quick: 300, full: 1_000 };

/** From asking until four replicas are ready; with polls parked, none of which may lose anything. */
function scale(playground: BuiltPlayground, parked: number): Measure {
  const count = (wanted: number) =>
    playground.call("PUT", "/api/patterns/long-polling/replicas", { count: wanted });
  const areReady = async (wanted: number) => {
    const { replicas } = (await playground.cluster()).patterns["long-polling"];
    return replicas.filter(({ state }) => state === "ready").length === wanted || undefined;
  };
  const figures = async () => (await playground.metrics()).patterns["long-polling"];
  return async () => {
    await playground.until("polls are parked", async () => {
      return (await figures()).held >= parked || undefined;
    });
    const since = performance.now();
    await count(4);
    await playground.until("4 replicas are ready", () => areReady(4));
    const tookMs = performance.now() - since;
    await count(2);
    const { lost } = await figures();
    if (lost > 0) throw new Error(`${lost} messages were lost while scaling.`);
    return tookMs / 1_000;
  };
}

export const programRows: readonly BenchRow[] = [
  {
    id: "start",
    what: "npm start (built) to all replicas ready",
    unit: "s",
    rounds: { quick: 2, full: 5 },
    targets: [below(6, "second start", "s")],
    open: async () => {
      const dataDir = await mkdtemp(join(tmpdir(), "playground-bench-start-"));
      await (await BuiltPlayground.start({ dataDir })).stop(); // The first one prepares the store.
      return {
        subjects: {
          "second start": async () => {
            const since = performance.now();
            const playground = await BuiltPlayground.start({ dataDir });
            const tookMs = performance.now() - since;
            await playground.stop();
            return tookMs / 1_000;
          },
        },
        close: () => rm(dataDir, { recursive: true, force: true }),
      };
    },
  },
  {
    id: "scale",
    what: "Scaling from 2 to 4 replicas while polls are parked",
    unit: "s",
    rounds: { quick: 2, full: 5 },
    targets: [below(2, "long polling", "s")],
    open: async ({ size }) => {
      const dataDir = await mkdtemp(join(tmpdir(), "playground-bench-scale-"));
      const playground = await BuiltPlayground.start({ dataDir });
      await playground.call("PUT", "/api/fleet", { "long-polling": PARKED[size] });
      return {
        subjects: { "long polling": scale(playground, PARKED[size]) },
        close: async () => {
          await playground.stop();
          await rm(dataDir, { recursive: true, force: true });
        },
      };
    },
  },
];
