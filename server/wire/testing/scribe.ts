/** A recorder for tests: keeps every hop, and lets a test wait for one. */
import type { Hop, Recorder } from "../hop.ts";

export interface Noted extends Hop {
  seq: number;
}

const DEADLINE_MS = 5_000;

export class Scribe implements Recorder {
  readonly hops: Noted[] = [];
  readonly #watchers = new Set<() => void>();

  now(): number {
    return performance.now();
  }

  record(hop: Hop): number {
    const seq = this.hops.length + 1;
    const raw = hop.raw?.map((piece) => Buffer.from(piece));
    this.hops.push({ ...hop, seq, ...(raw && { raw }) });
    for (const watcher of this.#watchers) watcher();
    return seq;
  }

  labels(kind?: Hop["kind"]): string[] {
    return this.hops.filter((hop) => !kind || hop.kind === kind).map((hop) => hop.label);
  }

  /** The first hop that fits, when it has been recorded. A condition may also look at other things. */
  seen(fits: (hop: Noted) => boolean): Promise<Noted> {
    return new Promise((resolve, reject) => {
      const again = setInterval(() => look(), 10);
      const deadline = setTimeout(() => {
        this.#watchers.delete(look);
        clearInterval(again);
        const labels = this.hops.map((hop) => `${hop.kind} ${hop.label}`).join("\n");
        reject(new Error(`no such hop among:\n${labels}`));
      }, DEADLINE_MS);
      const look = (): void => {
        const found = this.hops.find(fits);
        if (!found) return;
        clearTimeout(deadline);
        clearInterval(again);
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }
}
