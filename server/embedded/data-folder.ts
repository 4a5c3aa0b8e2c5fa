/**
 * The data folder: who owns it, and which version made it (docs/spec/store.md, ST1–ST5).
 *
 * One playground at a time may own a folder; the owner is named by pid and start time. A live
 * owner is never disturbed. A dead owner's leftovers are stopped by the part that knows them.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PartError } from "./part.ts";
import { isRunning, startMark } from "./process-facts.ts";

export interface DataFolder {
  readonly dir: string;
  /** The last owner died without releasing it. */
  readonly takenOver: boolean;
  /** Gives it up; safe to call twice. */
  release(): Promise<void>;
}

/** Somebody else is using the folder. */
export class DataFolderInUse extends Error {
  override readonly name = "DataFolderInUse";
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;

  constructor(dir: string, pid: number, since: string) {
    super(
      `The data folder ${dir} is in use by process ${pid}, since ${since}. ` +
        "Stop that one, or choose another folder with --data.",
    );
    this.pid = pid;
    this.since = since;
  }
}

/** What the layout of the folder is called; a newer one is not touched. */
const FOLDER_VERSION = 1;

interface Owner {
  pid: number;
  /** Proves that the pid still is that process; absent where the system won't say. */
  startMark?: string;
  since: string;
  /** Tells two locks apart. */
  token: string;
}

/** Throws DataFolderInUse, or a PartError when the folder cannot be used. */
export async function openDataFolder(path: string, now: Date): Promise<DataFolder> {
  const dir = resolve(path);
  try {
    await mkdir(dir, { recursive: true });
    const { takenOver, owner } = await takeLock(dir, now);
    const release = () => releaseLock(dir, owner);
    try {
      await checkVersion(dir);
    } catch (problem) {
      await release();
      throw problem;
    }
    return { dir, takenOver, release };
  } catch (problem) {
    if (problem instanceof DataFolderInUse || problem instanceof PartError) throw problem;
    const { message } = problem as Error;
    throw new PartError(`The data folder ${dir} cannot be used: ${message}`, { cause: problem });
  }
}

async function takeLock(dir: string, now: Date): Promise<{ takenOver: boolean; owner: Owner }> {
  const mark = await startMark(process.pid);
  const owner: Owner = {
    pid: process.pid,
    ...(mark === undefined ? {} : { startMark: mark }),
    since: now.toISOString(),
    token: randomUUID(),
  };
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await createWhole(dir, lockFile(dir), owner)) return { takenOver: false, owner };
    const other = await readLock(dir);
    if (!other) continue; // released in this moment
    if (await isOwning(other)) throw new DataFolderInUse(dir, other.pid, other.since);
    if (await succeed(dir, other, owner)) return { takenOver: true, owner };
  }
  throw new PartError(`The data folder ${dir} is being fought over; try again.`);
}

const lockFile = (dir: string) => join(dir, "owner.json");

/** False if the file is there already. Written aside first: whoever reads it reads all of it. */
async function createWhole(dir: string, file: string, owner: Owner): Promise<boolean> {
  const aside = await writeAside(dir, owner);
  try {
    await link(aside, file);
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw problem;
  } finally {
    await rm(aside, { force: true });
  }
}

async function writeAside(dir: string, owner: Owner): Promise<string> {
  const aside = join(dir, `owner-${randomUUID()}.json`);
  await writeFile(aside, `${JSON.stringify(owner)}\n`);
  return aside;
}

async function readLock(dir: string, file = lockFile(dir)): Promise<Owner | undefined> {
  try {
    return readOwner(await readFile(file, "utf8"));
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw problem;
  }
}

/** Locks are whole before they get their name: a torn one was left by a machine that failed. */
const NOBODY: Owner = { pid: 0, since: "", token: "" };

function readOwner(text: string): Owner {
  try {
    const owner = JSON.parse(text) as Owner | null;
    return Number.isSafeInteger(owner?.pid) && owner?.token ? owner : NOBODY;
  } catch {
    return NOBODY;
  }
}

async function isOwning(owner: Owner): Promise<boolean> {
  if (owner.pid <= 0) return false;
  if (!(await isRunning(owner.pid))) return false;
  const mark = await startMark(owner.pid);
  // When the system won't say, the pid has to be believed.
  return mark === undefined || owner.startMark === undefined || mark === owner.startMark;
}

/**
 * Takes a dead owner's place. Only one can hold the claim to succeed a given owner, and the lock is
 * replaced, never missing, so that nobody who comes in between finds the folder free. A claim whose
 * holder died is succeeded in the same way.
 */
async function succeed(dir: string, dead: Owner, owner: Owner): Promise<boolean> {
  const claims: string[] = [];
  for (let last = dead; ; ) {
    const claim = join(dir, `owner-after-${last.token || "nobody"}.json`);
    if (await createWhole(dir, claim, owner)) {
      claims.push(claim);
      break;
    }
    const other = await readLock(dir, claim);
    if (!other) return false; // it has just been decided
    if (await isOwning(other)) throw new DataFolderInUse(dir, other.pid, other.since);
    claims.push(claim);
    last = other;
  }
  // Who claims late, after the successor has cleared up, sees the successor here.
  const isStillDead = (await readLock(dir))?.token === dead.token;
  if (isStillDead) await rename(await writeAside(dir, owner), lockFile(dir));
  for (const claim of isStillDead ? claims : claims.slice(-1)) await rm(claim, { force: true });
  return isStillDead;
}

async function releaseLock(dir: string, owner: Owner): Promise<void> {
  if ((await readLock(dir))?.token === owner.token) await rm(lockFile(dir), { force: true });
}

async function checkVersion(dir: string): Promise<void> {
  const file = join(dir, "version.json");
  let text = "";
  try {
    text = await readFile(file, "utf8");
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== "ENOENT") throw problem;
  }
  // Made in this moment, or by a machine that failed before it was on disk.
  if (text.replaceAll("\0", "").trim() === "") {
    await writeFile(file, `${JSON.stringify({ version: FOLDER_VERSION })}\n`);
    return;
  }
  const { version } = JSON.parse(text) as { version?: unknown };
  if (version !== FOLDER_VERSION) {
    throw new PartError(
      `The data folder ${dir} has version ${version}, and this playground knows ${FOLDER_VERSION}. ` +
        "Use another one with --data, or move it away.",
    );
  }
}
