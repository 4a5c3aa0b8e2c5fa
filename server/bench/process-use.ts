/** What a process has used, as Linux tells it: to the nanosecond, all of its threads together. */
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** Memory has settled when it has not grown for so long. */
const STILL_MS = 500;

/** CPU time since it started, µs. Rejects where the process, or Linux, is not there. */
async function cpuMicros(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(tasks.map((task) => onCpuNanos(`/proc/${pid}/task/${task}`)));
  return times.reduce((sum, nanos) => sum + nanos, 0) / 1_000;
}

async function onCpuNanos(task: string): Promise<number> {
  try {
    return Number((await readFile(`${task}/schedstat`, "latin1")).split(" ")[0]);
  } catch {
    return 0; // A thread that has just ended.
  }
}

/** Resident memory, once it grows no more. */
export async function settledBytes(pid: number): Promise<number> {
  for (let before = 0; ; ) {
    const now = await residentBytes(pid);
    if (now <= before) return now;
    before = now;
    await wait(STILL_MS);
  }
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** CPU time that these processes together use while something is done, µs. */
export async function cpuDuring(
  pids: readonly number[],
  act: () => Promise<void>,
): Promise<number> {
  const total = async () => {
    const each = await Promise.all(pids.map(cpuMicros));
    return each.reduce((sum, micros) => sum + micros, 0);
  };
  const before = await total();
  await act();
  return (await total()) - before;
}
