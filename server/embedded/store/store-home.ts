/**
 * Where the embedded store lives: `store` in the data folder.
 *
 * As root, Postgres runs as somebody else, who must be able to reach that place. The data folder
 * itself is made passable; if a folder above it is closed (`/root`, say), it is not ours to open,
 * and the store lives under /var/lib instead, named in the data folder's `store-home`.
 */
import { randomUUID } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProcessUser } from "./server-process.ts";

const STORES_ELSEWHERE = "/var/lib/realtime-playground";

export async function findStoreHome(
  dataDir: string,
  isRoot: boolean,
  elsewhere = STORES_ELSEWHERE,
): Promise<string> {
  const usual = join(dataDir, "store");
  if (!isRoot) {
    await mkdir(usual, { recursive: true, mode: 0o700 });
    return usual;
  }
  await removeOrphans(elsewhere);
  const home = (await canOthersReach(dirname(dataDir)))
    ? usual
    : await homeElsewhere(dataDir, elsewhere);
  await mkdir(home, { recursive: true });
  if (home === usual) await makePassable(dataDir);
  await makePassable(home);
  return home;
}

/** A folder for that user alone. */
export async function makePrivateFolder(dir: string, user: ProcessUser | undefined): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (user) await chown(dir, user.uid, user.gid);
}

async function makePassable(dir: string): Promise<void> {
  const { mode } = await stat(dir);
  await chmod(dir, (mode & 0o777) | 0o011);
}

/** By the permissions for everybody; groups and access lists are not asked. */
async function canOthersReach(dir: string): Promise<boolean> {
  if (((await stat(dir)).mode & 0o001) === 0) return false;
  return dirname(dir) === dir || canOthersReach(dirname(dir));
}

async function homeElsewhere(dataDir: string, elsewhere: string): Promise<string> {
  const pointer = join(dataDir, "store-home");
  const known = await readFile(pointer, "utf8").catch(() => undefined);
  if (known) return known;
  const home = join(elsewhere, randomUUID());
  await mkdir(home, { recursive: true });
  await makePassable(elsewhere);
  await writeFile(join(home, "belongs-to"), dataDir);
  await writeFile(pointer, home);
  return home;
}

/** Stores whose data folder was deleted, or points to another by now. */
async function removeOrphans(elsewhere: string): Promise<void> {
  const names = await readdir(elsewhere).catch(() => []);
  for (const name of names) {
    const home = join(elsewhere, name);
    const dataDir = await readFile(join(home, "belongs-to"), "utf8").catch(() => undefined);
    if (dataDir === undefined) continue; // being made, or not ours
    const wanted = await readFile(join(dataDir, "store-home"), "utf8").catch(() => undefined);
    const isUsed = await stat(join(home, "cluster", "postmaster.pid")).catch(() => undefined);
    if (wanted !== home && !isUsed) await rm(home, { recursive: true, force: true });
  }
}
