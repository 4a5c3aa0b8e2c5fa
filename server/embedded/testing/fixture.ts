/** What tests of parts need: a data folder, real time, and what was reported. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import type { PartChange } from "../part.ts";

export const realClock: Clock = {
  now: () => performance.now(),
  after(afterMs, then) {
    const timer = setTimeout(then, afterMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

export function temporaryFolder(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "playground-"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export function reports() {
  const progress: string[] = [];
  const log: string[] = [];
  return {
    said: { progress, log },
    progress: (text: string) => void progress.push(text),
    log: (text: string) => void log.push(text),
  };
}

/** Resolves at the next change to that state. */
export function nextChange(
  part: { onChange(listener: (change: PartChange) => void): () => void },
  state: PartChange["state"],
): Promise<PartChange> {
  return new Promise((resolve) => {
    const stop = part.onChange((change) => {
      if (change.state !== state) return;
      stop();
      resolve(change);
    });
  });
}
