/** A recorder that keeps hops and lets tests wait for one, by event and with a deadline. */
import type { Hop, Recorder } from "../../hop.ts";

export interface LoggedHop extends Hop {
  seq: number;
}

export class WireLog implements Recorder {
  readonly hops: LoggedHop[] = [];
  readonly #waiting = new Set<() => void>();

  now(): number {
    return performance.now();
  }

  record(hop: Hop): number {
    const seq = this.hops.length + 1;
    // Raw bytes are views that may be overwritten: keep a copy, as a recorder must.
    const raw = hop.raw?.map((piece) => Buffer.from(piece));
    this.hops.push({ ...hop, seq, ...(raw ? { raw } : {}) });
    for (const wake of [...this.#waiting]) wake();
    return seq;
  }

  /** The first hop that matches, among those there were and those to come. */
  next(matches: (hop: LoggedHop) => boolean, deadlineMs = 5_000): Promise<LoggedHop> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.hops.find(matches);
        if (!found) return;
        clearTimeout(deadline);
        this.#waiting.delete(look);
        resolve(found);
      };
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        const seen = this.hops.map((hop) => `${hop.kind} ${hop.from}→${hop.to} ${hop.label}`);
        reject(new Error(`no such hop within ${deadlineMs} ms; seen:\n${seen.join("\n")}`));
      }, deadlineMs);
      this.#waiting.add(look);
      look();
    });
  }

  kind(kind: Hop["kind"]): LoggedHop[] {
    return this.hops.filter((hop) => hop.kind === kind);
  }
}
