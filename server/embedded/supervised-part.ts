/**
 * A broker or store of ours: started, watched, restarted with back-off on the same port, stopped.
 * What it is (Redis, Postgres, the embedded broker) is the given `startRun`'s business.
 *
 *   starting → up → waiting (0.2, 1, 2, 4 … 30 s) → starting …        stop() from anywhere
 *   suspended until resume(), from anywhere too
 */
import type { Clock, Timer } from "../../shared/clock.ts";
import { BackOff, PART_BACK_OFF } from "../processes/back-off.ts";
import { AnswerWatch } from "./answer-watch.ts";
import {
  type Part,
  type PartAddress,
  type PartChange,
  PartError,
  type PartReports,
} from "./part.ts";
import { PROBE_EVERY_MS } from "./probed-part.ts";
import type { Run, StartRun } from "./run.ts";

export interface SupervisedPartOptions<Kind extends string> {
  kind: Kind;
  /** As in a sentence: `the message store`. */
  name: string;
  address: PartAddress;
  /** What it is, for the page, while all is well. */
  note: string;
  startRun: StartRun;
  /** Resolves if it answers; asked while it runs. */
  probe?(): Promise<void>;
  clock: Clock;
  reports: PartReports;
}

export class SupervisedPart<Kind extends string> implements Part<Kind> {
  readonly kind: Kind;
  readonly isGiven = false;
  readonly url: string;
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly #options: SupervisedPartOptions<Kind>;
  readonly #backOff = new BackOff(PART_BACK_OFF);
  readonly #listeners = new Set<(change: PartChange) => void>();
  #now: PartChange;
  #run: Run | undefined;
  #watch: AnswerWatch | undefined;
  #starting: Promise<void> | undefined;
  #waiting: Timer | undefined;
  #isStopping = false;
  #isSuspended = false;

  constructor(options: SupervisedPartOptions<Kind>) {
    this.#options = options;
    this.kind = options.kind;
    this.url = options.address.url;
    this.publicUrl = options.address.publicUrl;
    this.host = options.address.host;
    this.port = options.address.port;
    this.#now = { state: "down", note: "Starting." };
  }

  get state(): PartChange["state"] {
    return this.#now.state;
  }

  get note(): string {
    return this.#now.note;
  }

  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** The first start: rejects with a PartError, where later ones are tried again. */
  async start(): Promise<void> {
    try {
      this.#begin(await this.#options.startRun());
    } catch (problem) {
      if (problem instanceof PartError) throw problem;
      const { message } = problem as Error;
      throw new PartError(`${capital(this.#options.name)} could not be started: ${message}`, {
        cause: problem,
      });
    }
  }

  onChange(listener: (change: PartChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async suspend(): Promise<void> {
    this.#isSuspended = true;
    await this.#end();
    this.#tell({
      state: "down",
      note: `${capital(this.#options.name)} was stopped by a fault; it is started again when that is healed.`,
    });
  }

  /** Resolves once it answers again, or once this attempt has failed (the next is on its way). */
  async resume(): Promise<void> {
    if (!this.#isSuspended || this.#isStopping) return;
    this.#isSuspended = false;
    this.#starting = this.#restart();
    await this.#starting;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#end();
    this.#tell({ state: "down", note: "Stopped." });
    this.#listeners.clear();
  }

  async #end(): Promise<void> {
    this.#waiting?.cancel();
    this.#watch?.stop();
    await this.#starting;
    await this.#run?.stop();
  }

  /** It is not to be started again. */
  get #rests(): boolean {
    return this.#isStopping || this.#isSuspended;
  }

  #begin(run: Run): void {
    const { clock, note } = this.#options;
    const startedMs = clock.now();
    this.#run = run;
    void run.exited.then((reason) => {
      this.#run = undefined;
      this.#watch?.stop();
      this.#retryLater(reason, clock.now() - startedMs);
    });
    this.#tell({ state: "up", note });
    this.#watch = this.#watchAnswers();
  }

  /** One that hangs or was stopped has not ended: it is told, and left alone. */
  #watchAnswers(): AnswerWatch | undefined {
    const { name, note, probe, clock, reports } = this.#options;
    if (probe === undefined || this.#rests) return undefined;
    return new AnswerWatch({
      probe,
      clock,
      onSilent: (reason) => {
        const every = PROBE_EVERY_MS / 1_000;
        const words = `${capital(name)} runs but does not answer (${reason}); asked again every ${every} s.`;
        reports.log(words);
        this.#tell({ state: "down", note: words });
      },
      onAnswer: () => this.#tell({ state: "up", note }),
    });
  }

  #retryLater(reason: string, ranMs: number): void {
    if (this.#rests) return;
    const { name, clock, reports } = this.#options;
    const waitMs = this.#backOff.next(ranMs);
    const note = `${capital(name)} ${reason}; it is started again in ${waitMs / 1_000} s.`;
    reports.log(note);
    this.#tell({ state: "down", note });
    this.#waiting = clock.after(waitMs, () => {
      this.#starting = this.#restart();
    });
  }

  async #restart(): Promise<void> {
    try {
      const run = await this.#options.startRun();
      if (this.#rests) await run.stop();
      else this.#begin(run);
    } catch (problem) {
      this.#retryLater(`could not be started (${(problem as Error).message})`, 0);
    }
  }

  #tell(change: PartChange): void {
    this.#now = change;
    for (const listener of [...this.#listeners]) listener(change);
  }
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
