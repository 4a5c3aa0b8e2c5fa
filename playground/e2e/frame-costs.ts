/**
 * What a page costs Chrome, over some seconds: its own counters over the DevTools protocol, in CPU
 * time of the page's main thread, so that a machine that is busy elsewhere changes little.
 */
import type { CDPSession, Page } from "@playwright/test";

export interface FrameCosts {
  frames: number;
  framesPerSecond: number;
  /** Between two animation frames, wall clock. */
  frameMs: { p50: number; p95: number };
  /**
   * CPU time of the main thread for each 1/60 s that passed, whether or not the machine found time
   * for its frame: all of it, and its scripts, layout and styles.
   */
  cpuMs: { task: number; script: number; layout: number; style: number };
}

/** Of a display that shows 60 a second. */
export const FRAME_MS = 1_000 / 60;

export class FrameMeter {
  readonly #page: Page;
  readonly #cdp: CDPSession;

  constructor(page: Page, cdp: CDPSession) {
    this.#page = page;
    this.#cdp = cdp;
  }

  static async attach(page: Page): Promise<FrameMeter> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    return new FrameMeter(page, cdp);
  }

  /** @param frames how many to watch: two seconds are 120 on an idle machine. */
  async watch(frames: number): Promise<FrameCosts> {
    const before = await this.#counters();
    const gapsMs = await this.#page.evaluate(watchFrames, frames);
    const after = await this.#counters();
    const sorted = gapsMs.toSorted((a, b) => a - b);
    const totalMs = gapsMs.reduce((sum, gap) => sum + gap, 0);
    const cpuMs = (name: string) =>
      (((after[name] ?? 0) - (before[name] ?? 0)) * 1_000) / (totalMs / FRAME_MS);
    return {
      frames,
      framesPerSecond: (frames * 1_000) / totalMs,
      frameMs: { p50: at(sorted, 0.5), p95: at(sorted, 0.95) },
      cpuMs: {
        task: cpuMs("TaskDuration"),
        script: cpuMs("ScriptDuration"),
        layout: cpuMs("LayoutDuration"),
        style: cpuMs("RecalcStyleDuration"),
      },
    };
  }

  /** CPU time of the main thread so far. */
  async taskMs(): Promise<number> {
    return ((await this.#counters()).TaskDuration ?? 0) * 1_000;
  }

  /** What is still in use once everything that nobody holds has been collected. */
  async heapBytes(): Promise<number> {
    await this.#cdp.send("HeapProfiler.collectGarbage");
    return (await this.#counters()).JSHeapUsedSize ?? 0;
  }

  async #counters(): Promise<Record<string, number>> {
    const { metrics } = await this.#cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}

/** Runs in the page. */
function watchFrames(frames: number): Promise<number[]> {
  return new Promise((done) => {
    const gaps: number[] = [];
    let last = 0;
    const step = (now: number) => {
      if (last > 0) gaps.push(now - last);
      last = now;
      if (gaps.length < frames) requestAnimationFrame(step);
      else done(gaps);
    };
    requestAnimationFrame(step);
  });
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
