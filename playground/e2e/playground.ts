/**
 * The fixture of every journey: a real playground on free ports with a data folder of its own,
 * started by the same command as a user's, and stopped after a worker's journeys.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test as base } from "@playwright/test";
import type { Cluster } from "../../shared/contracts/control.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { Settings } from "../../shared/contracts/settings.ts";

export class Playground {
  readonly url: string;
  /** Its data folder. */
  readonly data: string;

  constructor(url: string, data: string) {
    this.url = url;
    this.data = data;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, this.url), {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  cluster(): Promise<Cluster> {
    return this.call("GET", "/api/cluster");
  }

  metrics(): Promise<Metrics> {
    return this.call("GET", "/api/metrics");
  }

  set(settings: Partial<Settings>): Promise<unknown> {
    return this.call("PATCH", "/api/settings", settings);
  }

  /** Three clients of each pattern, as a first open brings them: what tests find, and leave behind. */
  threeClientsEach(): Promise<unknown> {
    return this.call("PUT", "/api/fleet", { "long-polling": 3, "web-sockets": 3 });
  }

  send(pattern: Pattern, text: string): Promise<{ id: number; server: string }> {
    return this.call("POST", "/api/messages", { pattern, text });
  }
}

async function readyUrl(playground: ChildProcess): Promise<string> {
  if (!playground.stdout) throw new Error("The playground has no standard output.");
  for await (const line of createInterface({ input: playground.stdout })) {
    if (line.startsWith("ready ")) return line.slice("ready ".length).trim();
  }
  throw new Error("The playground ended before it was ready.");
}

/** Starts a playground of its own, hands it on, and stops it whatever happens. */
export async function withPlayground(
  use: (playground: Playground) => Promise<void>,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "playground-e2e-"));
  const child = spawn(
    process.execPath,
    ["dist/server/main.js", "--port", "0", "--no-open", "--data", data, ...args],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LOG_LEVEL: "error", ...env } },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  try {
    await use(new Playground(await readyUrl(child), data));
  } finally {
    child.kill("SIGTERM");
    await exited;
    rmSync(data, { recursive: true, force: true });
  }
}

interface Fixtures {
  /** One that nobody has opened yet. */
  unopened: Playground;
}

export const test = base.extend<Fixtures, { playground: Playground }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  playground: [async ({}, use) => withPlayground(use), { scope: "worker", timeout: 60_000 }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  unopened: [async ({}, use) => withPlayground(use), { timeout: 60_000 }],
  baseURL: async ({ playground }, use) => use(playground.url),
});

export { expect } from "@playwright/test";
