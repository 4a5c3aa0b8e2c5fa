/**
 * A Redis (or Valkey) found on this machine, run for us alone: on a free loopback port, keeping
 * nothing on disk, under a keeper that ends it when we are gone.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findFreePort } from "../../processes/free-ports.ts";
import { end, startKept } from "../keeper/kept-run.ts";
import { probeRedis } from "../probes.ts";
import { isRunning, startMark } from "../process-facts.ts";
import type { Run } from "../run.ts";
import { SupervisedPart } from "../supervised-part.ts";
import { BROKER_HOST, type BrokerPartOptions } from "./embedded-broker.ts";

export interface LocalRedis {
  command: "redis-server" | "valkey-server";
  /** `7.0.15`. */
  version: string;
}

/** Says the version, so it runs; undefined when there is none. */
export async function findLocalRedis(
  env: Readonly<Record<string, string | undefined>>,
): Promise<LocalRedis | undefined> {
  for (const command of ["redis-server", "valkey-server"] as const) {
    const version = await askVersion(command, env);
    if (version) return { command, version };
  }
  return undefined;
}

function askVersion(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { env: { ...env }, timeout: 5_000 }, (problem, stdout) => {
      resolve(problem ? undefined : /v=(\d+(\.\d+)*)/.exec(stdout)?.[1]);
    });
  });
}

export async function startLocalRedis(
  { command, version }: LocalRedis,
  options: BrokerPartOptions & {
    dataDir: string;
    env: Readonly<Record<string, string | undefined>>;
  },
): Promise<SupervisedPart<"redis">> {
  const { clock, random, reports, env } = options;
  const dir = join(options.dataDir, "broker");
  await mkdir(dir, { recursive: true });
  await stopStaleRedis(dir, options);
  const port = await findFreePort(BROKER_HOST, random);
  const url = `redis://${BROKER_HOST}:${port}`;
  const startRun = async (): Promise<Run> => {
    const run = await startKept({
      spec: {
        command,
        args: redisArgs(port, dir),
        cwd: dir,
        env: onlyGiven(env),
        stopSignal: "SIGTERM",
        killAfterMs: 3_000,
      },
      ready: /ready to accept connections/i,
      readyTimeoutMs: 15_000,
      clock,
      log: reports.log,
    });
    await rememberRun(dir, run.pid);
    return run;
  };
  const part = new SupervisedPart({
    kind: "redis",
    name: command,
    address: { url, publicUrl: url, host: BROKER_HOST, port },
    note: `${command} ${version}, found on this machine and started for the playground.`,
    startRun,
    probe: () => probeRedis(url),
    clock,
    reports,
  });
  await part.start();
  return part;
}

function redisArgs(port: number, dir: string): string[] {
  const settings = {
    bind: BROKER_HOST,
    port: `${port}`,
    save: "",
    appendonly: "no",
    dir,
    daemonize: "no",
  };
  return Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
}

function onlyGiven(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] != null);
  return Object.fromEntries(given);
}

/** Which process runs, so that the next playground can stop it if we and its keeper are killed. */
async function rememberRun(dir: string, pid: number): Promise<void> {
  const mark = await startMark(pid);
  await writeFile(join(dir, "run.json"), `${JSON.stringify({ pid, startMark: mark })}\n`);
}

/** Empty when it was left torn by a machine that failed: then no Redis was left either. */
function readRun(text: string): { pid?: number; startMark?: string } {
  try {
    return (JSON.parse(text) as ReturnType<typeof readRun> | null) ?? {};
  } catch {
    return {};
  }
}

async function stopStaleRedis(
  dir: string,
  { clock, reports }: Pick<BrokerPartOptions, "clock" | "reports">,
): Promise<void> {
  const file = join(dir, "run.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { pid = 0, startMark: mark } = readRun(text);
  // Without a proof that it is the same process it is left alone.
  if (pid > 0 && (await isRunning(pid)) && mark !== undefined && mark === (await startMark(pid))) {
    reports.log(`stopping Redis ${pid}, left by an earlier playground`);
    await end(pid, { stopSignal: "SIGTERM", killAfterMs: 1_000 }, clock);
  }
  await rm(file, { force: true });
}
