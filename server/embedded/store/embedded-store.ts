/**
 * The embedded message store: a real Postgres, from binaries that npm has installed, with its data
 * in the data folder and a password of its own (docs/spec/store.md).
 *
 * Stands where a production Postgres would; replicas reach it through the store tap and need not
 * know the difference. Every acknowledged message is on disk (synchronous_commit stays on).
 */
import { platform } from "node:os";
import { join, parse } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import { findFreePort } from "../../processes/free-ports.ts";
import type { KeptSpec } from "../keeper/keeper-contract.ts";
import { startKept } from "../keeper/kept-run.ts";
import type { PartReports } from "../part.ts";
import { probePostgres } from "../probes.ts";
import type { Run } from "../run.ts";
import { SupervisedPart } from "../supervised-part.ts";
import { clusterDir, openCluster, STORE_USER } from "./cluster.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { chooseUser, type ProcessUser, serverEnv } from "./server-process.ts";
import { stopStalePostmaster } from "./stale-postmaster.ts";
import { findStoreHome } from "./store-home.ts";

export interface EmbeddedStoreOptions {
  /** The data folder, owned by us. */
  dataDir: string;
  /** Absent: a free one. */
  port?: number;
  clock: Clock;
  random(): number;
  reports: PartReports;
  /** Where a store lives that cannot live in the data folder (store-home.ts). */
  storesElsewhere?: string;
}

const HOST = "127.0.0.1";

export async function startEmbeddedStore(
  options: EmbeddedStoreOptions,
): Promise<SupervisedPart<"embedded">> {
  const { dataDir, clock, random, reports } = options;
  const home = await findStoreHome(dataDir, process.getuid?.() === 0, options.storesElsewhere);
  const user = await chooseUser(clusterDir(home));
  const binaries = await findPostgresBinaries(join(home, "binaries"), user, () =>
    reports.progress("Copying Postgres to where it may be run (first start only) …"),
  );
  const { dir, password } = await openCluster(home, binaries, user, () =>
    reports.progress("Preparing the message store (first start only) …"),
  );
  const port = options.port ?? (await findFreePort(HOST, random));
  const spec = serverSpec(binaries, dir, port, user);
  const startRun = async (): Promise<Run> => {
    await stopStalePostmaster(dir, clock, reports.log);
    const ready = /database system is ready to accept connections/;
    return startKept({ spec, ready, readyTimeoutMs: 60_000, clock, log: reports.log });
  };
  const url = `postgres://${STORE_USER}:${password}@${HOST}:${port}/postgres`;
  const part = new SupervisedPart({
    kind: "embedded",
    name: "the embedded message store",
    address: {
      url,
      publicUrl: `postgres://${STORE_USER}@${HOST}:${port}/postgres`,
      host: HOST,
      port,
    },
    note: `Embedded: a real Postgres ${binaries.version}, kept in ${where(dataDir, home)}.`,
    startRun,
    probe: () => probePostgres(url),
    clock,
    reports,
  });
  await part.start();
  return part;
}

function where(dataDir: string, home: string): string {
  return home.startsWith(dataDir) ? "the data folder" : home;
}

function serverSpec(
  { postgres, pgCtl }: PostgresBinaries,
  dir: string,
  port: number,
  user: ProcessUser | undefined,
): KeptSpec {
  const settings = Object.entries(SETTINGS).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const flags = ["-p", `${port}`, ...settings];
  return {
    ...launch(postgres, pgCtl, dir, flags),
    cwd: parse(dir).root,
    env: serverEnv(),
    ...(user && { user }),
    stopSignal: "SIGINT", // Postgres' fast shutdown
    killAfterMs: 3_000,
  };
}

/**
 * Windows has no signals, and its Postgres refuses to run as administrator; pg_ctl gives the rights
 * up. It returns at once, but the output stays open, and closes, as that of Postgres itself.
 */
function launch(postgres: string, pgCtl: string, dir: string, flags: string[]) {
  if (platform() !== "win32") return { command: postgres, args: ["-D", dir, ...flags] };
  return {
    command: pgCtl,
    args: ["start", "-D", dir, "-o", flags.join(" ")],
    stopCommand: { command: pgCtl, args: ["stop", "-D", dir, "-m", "fast"] },
  };
}

const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: "",
  // An acknowledged message survives kill -9. Off, 399–1,572 were lost each time.
  synchronous_commit: "on",
  // 32 replicas with a pool of ten each, and the control plane.
  max_connections: 400,
  shared_buffers: "32MB",
  work_mem: "2MB",
  max_wal_size: "256MB",
  // Nobody replicates from it, no query is large: fewer processes, less log.
  wal_level: "minimal",
  max_wal_senders: 0,
  max_parallel_workers: 0,
  io_method: "sync",
  jit: "off",
  log_checkpoints: "off",
  lc_messages: "C",
};
