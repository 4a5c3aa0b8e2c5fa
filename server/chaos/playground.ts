/** A playground of chaos' own: which of its processes live, and whether all is well. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Health } from "../../shared/contracts/control.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import { BuiltPlayground } from "../outside/built-playground.ts";
import type { Single } from "./faults.ts";

export class ChaosPlayground {
  readonly urls: Record<Pattern, string>;
  readonly #built: BuiltPlayground;
  readonly #dataDir: string;

  private constructor(built: BuiltPlayground, dataDir: string, urls: ChaosPlayground["urls"]) {
    this.#built = built;
    this.#dataDir = dataDir;
    this.urls = urls;
  }

  /** `broker`: which of the two to run with. Needs the built program. */
  static async start(broker: "embedded" | "redis", replicas: number): Promise<ChaosPlayground> {
    const dataDir = await mkdtemp(join(tmpdir(), "playground-chaos-"));
    const built = await BuiltPlayground.start({
      dataDir,
      args: ["--replicas", `${replicas}`],
      env: { PLAYGROUND_BROKER: broker },
    });
    const { patterns } = await built.cluster();
    return new ChaosPlayground(built, dataDir, {
      "long-polling": patterns["long-polling"].url,
      "web-sockets": patterns["web-sockets"].url,
    });
  }

  async stop(): Promise<void> {
    await this.#built.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#built.call(method, path, body);
  }

  metrics(): Promise<Metrics> {
    return this.#built.metrics();
  }

  until<T>(what: string, look: () => Promise<T | undefined>, withinMs?: number): Promise<T> {
    return this.#built.until(what, look, withinMs);
  }

  async readyReplicas(pattern: Pattern): Promise<string[]> {
    const { patterns } = await this.#built.cluster();
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
    const { wire, fleet } = await this.#built.cluster();
    if (part === "wire") return wire.pid;
    if (part === "fleet") return fleet?.pid;
    return (await this.metrics()).processes[part]?.pid;
  }

  /** Everything is up again: parts, wire, fleet, and every replica that there should be. */
  async isWell(): Promise<boolean> {
    const [health, cluster] = await Promise.all([
      this.call<Health>("GET", "/api/health"),
      this.#built.cluster(),
    ]);
    const replicas = PATTERNS.flatMap((pattern) => cluster.patterns[pattern].replicas);
    return (
      health.status === "ok" &&
      cluster.wire.state === "up" &&
      cluster.fleet?.state === "up" &&
      replicas.every(({ state }) => state === "ready")
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
