/** A process and all that it has started: Postgres is many, and all must stand still together. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Pids, the given one first. Linux is asked by /proc, since a slim system has no `ps`. */
export async function familyOf(pid: number): Promise<number[]> {
  const parents = process.platform === "linux" ? await parentsOnLinux() : await parentsByPs();
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

async function parentsOnLinux(): Promise<[number, number][]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const));
  return found.flatMap(([pid, parent]) => (parent === undefined ? [] : [[pid, parent]]));
}

async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // After the name, which is in brackets and may hold blanks: state, then parent.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // It went between the two looks.
  }
}

async function parentsByPs(): Promise<[number, number][]> {
  const { stdout } = await execute("ps", ["-A", "-o", "pid=,ppid="]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => [pid, parent]);
}
