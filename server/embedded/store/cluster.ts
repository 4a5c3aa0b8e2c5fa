/**
 * The database cluster on disk: made once by initdb, with a random password of its own.
 * "Cluster" is Postgres' word for a data directory here, nothing to do with replicas.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { PartError } from "../part.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { type ProcessUser, serverEnv } from "./server-process.ts";
import { makePrivateFolder } from "./store-home.ts";

export const STORE_USER = "playground";

export interface Cluster {
  dir: string;
  password: string;
}

export function clusterDir(home: string): string {
  return join(home, "cluster");
}

/** Opens it, or makes it first. A half-made one is thrown away: it gets its name when it is whole. */
export async function openCluster(
  home: string,
  binaries: PostgresBinaries,
  user: ProcessUser | undefined,
  tellSlow: () => void,
): Promise<Cluster> {
  const dir = clusterDir(home);
  const passwordFile = join(home, "password");
  const madeBy = await readMajor(dir);
  if (madeBy === undefined) {
    tellSlow();
    const password = randomBytes(24).toString("base64url");
    await writeFile(passwordFile, password, { mode: 0o600 });
    await makeCluster(home, password, binaries, user);
    return { dir, password };
  }
  if (madeBy !== parse(binaries.version).name) {
    throw new PartError(
      `The message store in ${dir} was made by Postgres ${madeBy}, and this is ${binaries.version}. ` +
        "Use another data folder with --data, or move that one away.",
    );
  }
  return { dir, password: await readPassword(passwordFile) };
}

async function readMajor(dir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dir, "PG_VERSION"), "utf8")).trim();
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new PartError(`The message store in ${dir} belongs to another user (${code}).`);
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (problem) {
    throw new PartError(
      `The message store's password cannot be read: ${(problem as Error).message}`,
    );
  }
}

async function makeCluster(
  home: string,
  password: string,
  { initdb }: PostgresBinaries,
  user: ProcessUser | undefined,
): Promise<void> {
  const making = join(home, "cluster.making");
  const passwordFile = join(home, "password.initdb");
  await rm(making, { recursive: true, force: true });
  await makePrivateFolder(making, user);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  try {
    await runInitdb(initdb, making, passwordFile, user);
    await stat(join(making, "PG_VERSION"));
    await rename(making, clusterDir(home));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function runInitdb(
  initdb: string,
  dir: string,
  passwordFile: string,
  user: ProcessUser | undefined,
): Promise<void> {
  const child = spawn(
    initdb,
    [
      `--pgdata=${dir}`,
      `--username=${STORE_USER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
    ],
    {
      ...user,
      cwd: parse(dir).root,
      env: serverEnv(),
      stdio: ["ignore", "ignore", "pipe"],
      windowsHide: true,
    },
  );
  let problems = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    problems = `${problems}${text}`.slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new PartError(`The message store could not be made: ${problems.trim()}`));
    });
  });
}
