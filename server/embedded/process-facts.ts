/**
 * What the system knows of a process: is it there, when did it start, how was it called.
 *
 * A pid alone proves nothing, because pids are used again. Who wants to stop a process that an
 * earlier playground left compares its start mark or its command line first.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { platform } from "node:os";

/** A process that has ended but was not waited for (a zombie) does not run. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    // EPERM: it is there, but somebody else's.
    if ((problem as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  if (platform() !== "linux") return true;
  try {
    return (await linuxStat(pid))[0] !== "Z";
  } catch {
    return false; // it went between the two looks
  }
}

/** The same for the same process only, also after a reboot; undefined if the system won't say. */
export async function startMark(pid: number): Promise<string | undefined> {
  try {
    switch (platform()) {
      case "linux":
        return await linuxStartMark(pid);
      case "win32":
        return await powershell(`(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`);
      default:
        return await run("ps", ["-o", "lstart=", "-p", `${pid}`]);
    }
  } catch {
    return undefined; // gone, or hidden from us: nothing is known
  }
}

/** How it was called, arguments included; undefined if the system won't say. */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    switch (platform()) {
      case "linux":
        return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
      case "win32":
        return await powershell(
          `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`,
        );
      default:
        return await run("ps", ["-ww", "-o", "command=", "-p", `${pid}`]);
    }
  } catch {
    return undefined; // gone, or hidden from us: nothing is known
  }
}

async function linuxStartMark(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    linuxStat(pid),
    readFile("/proc/sys/kernel/random/boot_id", "utf8"),
  ]);
  return `${boot.trim()} ${stat[19]}`; // the start time, in ticks since the boot
}

/** The fields after the name, which is in brackets and may hold blanks: the state comes first. */
async function linuxStat(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function powershell(script: string): Promise<string> {
  return run("powershell", ["-NoProfile", "-NonInteractive", "-Command", script]);
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: 5_000, windowsHide: true }, (problem, stdout) => {
      const text = stdout.trim();
      if (problem || text === "") reject(problem ?? new Error(`${command} said nothing`));
      else resolve(text);
    });
  });
}
