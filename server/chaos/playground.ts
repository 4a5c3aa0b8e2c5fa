/** A playground of chaos' own, started by its command line and spoken to through its API alone. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { Cluster, Health } from "../../shared/contracts/control.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { Single } from "./faults.ts";

const LOOK_EVERY_MS = 50;

export class ChaosPlayground {
  readonly url: string;
  readonly urls: Record<Pattern, string>;
  readonly #child: ChildProcess;
  readonly #dataDir: string;

  private constructor(child: ChildProcess, dataDir: string, url: string, cluster: Cluster) {
    this.#child = child;
    this.#dataDir = dataDir;
    this.url = url;
    this.urls = {
      "long-polling": cluster.patterns["long-polling"].url,
      "web-sockets": cluster.patterns["web-sockets"].url,
    };
  }

  /** `broker`: which of the two to run with. Needs the built program. */
  static async start(broker: "embedded" | "redis", replicas: number): Promise<ChaosPlayground> {
    const dataDir = await mkdtemp(join(tmpdir(), "playground-chaos-"));
    const args = ["--port", "0", "--no-open", "--replicas", `${replicas}`, "--data", dataDir];
    const env = {
      ...process.env,
      REDIS_URL: "",
      DATABASE_URL: "",
      PLAYGROUND_BROKER: broker,
      LOG_LEVEL: "error",
    };
    const child = spawn(process.execPath, ["dist/server/main.js", ...args], {
      stdio: ["ignore", "pipe", "ignore"],
      env,
    });
    const url = await readyUrl(child);
    const cluster = (await (await fetch(`${url}/api/cluster`)).json()) as Cluster;
    return new ChaosPlayground(child, dataDir, url, cluster);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** Rejects with the API's own words when it refuses. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, { method, ...(body === undefined ? {} : json) });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  cluster(): Promise<Cluster> {
    return this.call("GET", "/api/cluster");
  }

  metrics(): Promise<Metrics> {
    return this.call("GET", "/api/metrics");
  }

  async readyReplicas(pattern: Pattern): Promise<string[]> {
    const { patterns } = await this.cluster();
    return patterns[pattern].replicas.filter(({ state }) => state === "ready").map(({ id }) => id);
  }

  /** A living process, and not `other`; waits for it where it is just being started again. */
  async pidOf(part: Single, other?: number): Promise<number> {
    const look = async () => {
      const pid = await this.#pidSaid(part).catch(() => undefined);
      return pid !== undefined && pid !== other && isAlive(pid) ? pid : undefined;
    };
    return this.until(`the ${part} has a process`, look);
  }

  async #pidSaid(part: Single): Promise<number | undefined> {
    const { wire, fleet } = await this.cluster();
    if (part === "wire") return wire.pid;
    if (part === "fleet") return fleet?.pid;
    return (await this.metrics()).processes[part]?.pid;
  }

  /** Everything is up again: parts, wire, fleet, and every replica that there should be. */
  async isWell(): Promise<boolean> {
    const [health, cluster] = await Promise.all([
      this.call<Health>("GET", "/api/health"),
      this.cluster(),
    ]);
    const replicas = PATTERNS.flatMap((pattern) => cluster.patterns[pattern].replicas);
    return (
      health.status === "ok" &&
      cluster.wire.state === "up" &&
      cluster.fleet?.state === "up" &&
      replicas.every(({ state }) => state === "ready")
    );
  }

  /** Looks again until it sees something; rejects with what it waited for. */
  async until<T>(what: string, look: () => Promise<T | undefined>, withinMs = 45_000): Promise<T> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}.`);
      await wait(LOOK_EVERY_MS);
    }
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("The playground has no standard output.");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("ready ")) return line.slice("ready ".length);
  }
  throw new Error("The playground ended before it was ready.");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
