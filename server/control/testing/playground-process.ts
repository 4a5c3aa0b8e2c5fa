/**
 * A real playground for tests: the built program, started through its command line as a person
 * would, on three free ports and a data folder of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Cluster, Replica } from "../../../shared/contracts/control.ts";
import type { Pattern, ReplicaId } from "../../../shared/contracts/ids.ts";
import { until } from "./until.ts";

const MAIN = "dist/server/main.js";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  args?: string[];
  env?: Record<string, string>;
  dataDir?: string;
}

/** Starting eight processes takes its time where the machine is busy with other tests. */
export const PROCESS_TEST_MS = 90_000;

const running = new Set<Program>();

/** After a file of tests, also failed ones: no program is left. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop()));
}

/** The program, from the command line to its end. */
export class Program {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly ended: Promise<Ended>;

  constructor(args: string[], env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [MAIN, "--no-open", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, REDIS_URL: "", DATABASE_URL: "", ...env },
    });
    this.child.stdout?.on("data", (chunk) => (this.stdout += chunk));
    this.child.stderr?.on("data", (chunk) => (this.stderr += chunk));
    running.add(this);
    this.ended = once(this.child, "close").then(([code]) => {
      running.delete(this);
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** The address of its `ready` line. */
  async ready(): Promise<string> {
    const { stdout } = this.child;
    if (!stdout) throw new Error("no stdout");
    const line = new Promise<string>((resolve) => {
      createInterface({ input: stdout }).once("line", resolve);
    });
    const ended = this.ended.then(({ code, stderr }) => {
      throw new Error(`It ended with ${code} before it was ready:\n${stderr}`);
    });
    const said = await Promise.race([line, ended]);
    ended.catch(() => undefined);
    if (!said.startsWith("ready ")) throw new Error(`It said “${said}”.`);
    return said.slice("ready ".length);
  }

  async stop(): Promise<Ended> {
    this.child.kill("SIGTERM");
    return this.ended;
  }
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "playground-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A started playground and calls to its API. */
export class TestPlayground {
  readonly program: Program;
  readonly url: string;
  readonly #removeData: () => void;

  private constructor(program: Program, url: string, removeData: () => void) {
    this.program = program;
    this.url = url;
    this.#removeData = removeData;
  }

  static async start({ args = [], env, dataDir }: StartOptions = {}): Promise<TestPlayground> {
    const folder = dataDir ? { path: dataDir, remove: () => undefined } : temporaryFolder();
    const program = new Program(["--port", "0", "--data", folder.path, ...args], env);
    return new TestPlayground(program, await program.ready(), folder.remove);
  }

  async stop(): Promise<Ended> {
    const ended = await this.program.stop();
    this.#removeData();
    return ended;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: never }> {
    const response = await fetch(this.url + path, {
      method,
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    const isJson = /^application\/json\b/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as never };
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.call("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  cluster(): Promise<Cluster> {
    return this.get<Cluster>("/api/cluster");
  }

  async replica(id: ReplicaId): Promise<Replica | undefined> {
    const { patterns } = await this.cluster();
    return Object.values(patterns)
      .flatMap(({ replicas }) => replicas)
      .find((replica) => replica.id === id);
  }

  untilReplica(id: ReplicaId, isSo: (replica: Replica) => boolean): Promise<Replica | undefined> {
    return until(
      id,
      () => this.replica(id),
      (seen) => seen !== undefined && isSo(seen),
    );
  }

  async balancer(pattern: Pattern): Promise<string> {
    return (await this.cluster()).patterns[pattern].url;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
