/**
 * A playground as somebody else's script meets it: the built program, started by its command line
 * on free ports, spoken to through its API alone. Chaos breaks one, the bench times one.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { Cluster } from "../../shared/contracts/control.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";

const MAIN = "dist/server/main.js";
const LOOK_EVERY_MS = 20;

export interface BuiltPlaygroundOptions {
  dataDir: string;
  /** Besides those that choose free ports and open no browser. */
  args?: readonly string[];
  env?: Record<string, string>;
}

/** The API said no. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

export class BuiltPlayground {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves once it is ready, rejects when it ends before. No broker or store of the environment's is used. */
  static async start(options: BuiltPlaygroundOptions): Promise<BuiltPlayground> {
    const { dataDir, args = [], env = {} } = options;
    const child = spawn(
      process.execPath,
      [MAIN, "--port", "0", "--no-open", "--data", dataDir, ...args],
      {
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, REDIS_URL: "", DATABASE_URL: "", LOG_LEVEL: "error", ...env },
      },
    );
    return new BuiltPlayground(child, await readyUrl(child));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await gone;
  }

  /** Rejects with the API's own words when it refuses. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, { method, ...(body === undefined ? {} : json) });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Refused(response.status, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  cluster(): Promise<Cluster> {
    return this.call("GET", "/api/cluster");
  }

  metrics(): Promise<Metrics> {
    return this.call("GET", "/api/metrics");
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
