/**
 * What a process that is not Node's (Redis, Postgres), or does not say so itself, uses, as Linux
 * tells it in /proc. Elsewhere nothing is known: starting `ps` every other second would cost more
 * than it tells.
 */
import { readFile } from "node:fs/promises";
import { platform } from "node:os";

export interface SystemUse {
  cpuMs: number;
  rssBytes: number;
}

/** The kernel tells user space in hundredths of a second, whatever it counts in itself. */
const MS_A_TICK = 10;

/** That process and its children (Postgres has one for each connection); undefined if unknown. */
export async function readUse(pid: number): Promise<SystemUse | undefined> {
  if (platform() !== "linux") return undefined;
  try {
    const children = await childrenOf(pid);
    const [root, ...others] = await Promise.all([pid, ...children].map(readOne));
    if (root === undefined) return undefined;
    const all = [root, ...others.filter((use) => use !== undefined)];
    return {
      cpuMs: root.reapedCpuMs + sum(all, ({ cpuMs }) => cpuMs),
      // What they share is counted once.
      rssBytes: Math.max(...all.map((use) => use.sharedBytes)) + sum(all, (use) => use.ownBytes),
    };
  } catch {
    return undefined; // it went between two looks, or is hidden from us
  }
}

interface OneUse {
  cpuMs: number;
  /** Of children that have ended. */
  reapedCpuMs: number;
  ownBytes: number;
  sharedBytes: number;
}

async function readOne(pid: number): Promise<OneUse | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "latin1"),
      readFile(`/proc/${pid}/status`, "latin1"),
    ]);
    // After the name, which is in brackets and may hold blanks, the state comes first.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
    return {
      cpuMs: (user + system) * MS_A_TICK,
      reapedCpuMs: (childUser + childSystem) * MS_A_TICK,
      ownBytes: bytesOf(status, "RssAnon"),
      sharedBytes: bytesOf(status, "RssFile") + bytesOf(status, "RssShmem"),
    };
  } catch {
    return undefined; // a child that has just ended
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "latin1").catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

function bytesOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1_024;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
