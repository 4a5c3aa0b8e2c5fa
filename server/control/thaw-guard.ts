/**
 * Sees to it that a frozen replica does not outlive us: stopped, it cannot notice that its parent
 * is gone. A tiny process holds a channel to us; when that breaks it thaws the replica, which then
 * finds its own channel broken and ends.
 */
import { spawn } from "node:child_process";

const SCRIPT = `
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => {
    try { process.kill(Number(process.argv[1]), "SIGCONT"); } catch { /* It is gone already. */ }
    process.exit(0);
  });`;

export interface ThawGuard {
  /** The replica was thawed, or ended. */
  release(): void;
}

export function guardFrozen(pid: number): ThawGuard {
  const guard = spawn(process.execPath, ["-e", SCRIPT, String(pid)], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  guard.on("error", () => undefined); // No guard: the replica may then stay frozen after a crash of ours.
  return { release: () => guard.kill("SIGKILL") };
}
