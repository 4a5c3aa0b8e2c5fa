/** What this process itself uses, for the metrics: CPU time, memory, and how late its event loop is. */
import { monitorEventLoopDelay } from "node:perf_hooks";

export interface ProcessUse {
  /** User + system, since the process started. */
  cpuMs: number;
  /** Absent where it could not be read: that takes a file, and the system may allow no more. */
  rssBytes?: number;
  /** Mean delay of the event loop since the last reading, ms. */
  loopLagMs: number;
}

const RESOLUTION_MS = 10;

/** Starts to watch the event loop; each call is a reading. */
export function watchOwnUse(): () => ProcessUse {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    // The histogram counts the sampling interval itself as delay.
    const loopLagMs = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - RESOLUTION_MS);
    delay.reset();
    const { user, system } = process.cpuUsage();
    const rssBytes = readRss();
    return {
      cpuMs: (user + system) / 1_000,
      ...(rssBytes !== undefined && { rssBytes }),
      loopLagMs,
    };
  };
}

function readRss(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined; // EMFILE
  }
}
