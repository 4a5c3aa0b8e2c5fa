/**
 * A broker or store of somebody else's: asked every two seconds whether it answers. It is never
 * started, stopped or waited for; while it is down, the page says so and we go on asking.
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import type { Part, PartAddress, PartChange, PartReports } from "./part.ts";

export interface ProbedPartOptions<Kind extends string> {
  kind: Kind;
  address: PartAddress;
  /** As in a sentence: `Redis at redis://…`. */
  name: string;
  /** Resolves if it answers, rejects with a reason; after `PROBE_TIMEOUT_MS` nobody listens. */
  probe(): Promise<void>;
  clock: Clock;
  reports: PartReports;
}

export const PROBE_EVERY_MS = 2_000;
export const PROBE_TIMEOUT_MS = 2_000;

export class ProbedPart<Kind extends string> implements Part<Kind> {
  readonly kind: Kind;
  readonly isGiven = true;
  readonly url: string;
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly pid = undefined;
  readonly #options: ProbedPartOptions<Kind>;
  readonly #listeners = new Set<(change: PartChange) => void>();
  #now: PartChange = { state: "down", note: "Not asked yet." };
  #waiting: Timer | undefined;
  #isStopped = false;

  constructor(options: ProbedPartOptions<Kind>) {
    this.#options = options;
    this.kind = options.kind;
    this.url = options.address.url;
    this.publicUrl = options.address.publicUrl;
    this.host = options.address.host;
    this.port = options.address.port;
  }

  get state(): PartChange["state"] {
    return this.#now.state;
  }

  get note(): string {
    return this.#now.note;
  }

  /** Resolves after the first probe, whatever it found. */
  async start(): Promise<void> {
    await this.#ask();
  }

  onChange(listener: (change: PartChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#waiting?.cancel();
    this.#listeners.clear();
  }

  async #ask(): Promise<void> {
    const { name, probe, clock } = this.#options;
    try {
      await within(PROBE_TIMEOUT_MS, clock, probe());
      this.#tell({ state: "up", note: `${name}, as given.` });
    } catch (problem) {
      const reason = (problem as Error).message;
      const every = PROBE_EVERY_MS / 1_000;
      this.#tell({
        state: "down",
        note: `${name} does not answer (${reason}); asked again every ${every} s.`,
      });
    }
    if (this.#isStopped) return;
    this.#waiting = clock.after(PROBE_EVERY_MS, () => void this.#ask());
  }

  #tell(change: PartChange): void {
    if (this.#isStopped) return;
    const isNews = change.state !== this.#now.state || change.note !== this.#now.note;
    this.#now = change;
    if (!isNews) return;
    this.#options.reports.log(change.note);
    for (const listener of [...this.#listeners]) listener(change);
  }
}

export function within(limitMs: number, clock: Clock, answer: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(limitMs, () => reject(new Error(`silent for ${limitMs / 1_000} s`)));
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}
