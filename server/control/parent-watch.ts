/**
 * Tells when the process that started us is gone. npm does not pass signals on: it ends its shell
 * and leaves us behind, so we look. Works where an orphan gets a new parent, and where it does not.
 */
import type { Clock } from "../../shared/clock.ts";

const EVERY_MS = 500;
/** The parent when this module was loaded, as early as can be. */
const parent = process.ppid;

export function watchParent(clock: Clock, gone: () => void): void {
  if (parent <= 1) return; // Started by the system itself, or in a container.
  clock.after(EVERY_MS, () => (isGone() ? gone() : watchParent(clock, gone)));
}

function isGone(): boolean {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
