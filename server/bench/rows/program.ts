/** The whole program: how soon it is ready, and how soon more replicas are. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Cluster } from "../../../shared/contracts/control.ts";
import type { Metrics } from "../../../shared/contracts/metrics.ts";
import type { BenchRow, Measure } from "../row.ts";
import { below } from "./targets.ts";

const MAIN = fileURLToPath(new URL("../../main.js", import.meta.url));
const PARKED = { quick: 300, full: 1_000 };

interface Program {
  url: string;
  readyMs: number;
  stop(): Promise<void>;
}

async function start(dataDir: string): Promise<Program> {
  const since = performance.now();
  const child = spawn(process.execPath, [MAIN, "--port", "0", "--no-open", "--data", dataDir], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await readyUrl(child);
  return {
    url,
    readyMs: performance.now() - since,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("The program has no standard output.");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("ready ")) return line.slice("ready ".length);
  }
  throw new Error("The program ended before it was ready.");
}

async function call<T>(url: string, method = "GET", body?: unknown): Promise<T> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...(body === undefined ? {} : json) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${JSON.stringify(answer)}`);
  return answer as T;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(20);
}

/** From asking until four replicas are ready; with polls parked, none of which may lose anything. */
function scale(url: string, parked: number): Measure {
  const count = (wanted: number) =>
    call<Cluster>(`${url}/api/patterns/long-polling/replicas`, "PUT", { count: wanted });
  const ready = async () => {
    const { patterns } = await call<Cluster>(`${url}/api/cluster`);
    return patterns["long-polling"].replicas.filter(({ state }) => state === "ready").length;
  };
  const figures = async () => (await call<Metrics>(`${url}/api/metrics`)).patterns["long-polling"];
  return async () => {
    await until(async () => (await figures()).held >= parked);
    const since = performance.now();
    await count(4);
    await until(async () => (await ready()) === 4);
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
      await (await start(dataDir)).stop(); // The first one prepares the store.
      return {
        subjects: {
          "second start": async () => {
            const program = await start(dataDir);
            await program.stop();
            return program.readyMs / 1_000;
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
      const program = await start(dataDir);
      await call(`${program.url}/api/fleet`, "PUT", { "long-polling": PARKED[size] });
      return {
        subjects: { "long polling": scale(program.url, PARKED[size]) },
        close: async () => {
          await program.stop();
          await rm(dataDir, { recursive: true, force: true });
        },
      };
    },
  },
];
