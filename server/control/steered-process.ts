/**
 * A child process that is told the whole desired state and makes it so: the wire and the fleet.
 *
 * Stands between the control plane and `ChildRun`. It remembers what is desired, so that a process
 * that died is started again with back-off and steered to where the last one was. Changes that come
 * while one is being applied are joined into one. It does not know what the state means.
 */
import type { ChildProcess } from "node:child_process";
import type { Clock, Timer } from "../../shared/clock.ts";
import { BackOff, PART_BACK_OFF } from "../processes/back-off.ts";
import { AskLink, Refused, Unanswered } from "./ask-link.ts";
import { ChildRun, type Exit } from "./child-run.ts";

/** A busy machine starts slowly; to give up and begin again would make it busier. */
const START_TIMEOUT_MS = 45_000;
const ASK_TIMEOUT_MS = 10_000;

export interface SteeredState {
  state: "up" | "down";
  note: string;
}

export interface SteeredOptions<Ask, Started> {
  /** `wire`, `fleet`: as in "The wire ended with code 1." */
  name: string;
  fork(): ChildProcess;
  clock: Clock;
  started(said: unknown): Started | undefined;
  /** The ask that states the desired state. */
  configureAsk(): Ask;
  onStarted?(started: Started): void;
  /** Everything that is neither the announcement nor an answer. */
  onSaid(said: unknown): void;
  onState(state: SteeredState): void;
}

export class SteeredProcess<Ask extends object, Answer, Started> {
  readonly #options: SteeredOptions<Ask, Started>;
  readonly #backOff = new BackOff(PART_BACK_OFF);
  readonly #link: AskLink<Ask, Answer>;
  #run: ChildRun<Started> | undefined;
  #retry: Timer | undefined;
  #isStopping = false;
  #state: SteeredState = { state: "down", note: "not started yet" };
  /** The configure that is on its way, and the one that will follow it. */
  #current: Promise<void> = Promise.resolve();
  #following: Promise<void> | undefined;
  /** Something changed while it was being brought up, after its state had been stated. */
  #hasMissed = false;

  constructor(options: SteeredOptions<Ask, Started>) {
    this.#options = options;
    this.#link = new AskLink({
      name: options.name,
      clock: options.clock,
      timeoutMs: ASK_TIMEOUT_MS,
      send: (ask) => this.#run?.send(ask) ?? false,
    });
  }

  get state(): SteeredState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#run?.hasExited === false ? this.#run.pid : undefined;
  }

  /** The first start: rejects if it cannot be made so (a port in use). Later ones are retried. */
  async start(): Promise<void> {
    if (this.#isStopping) return;
    const run = this.#begin();
    await this.#bringUp(run);
    void run.exited.then((exit) => this.#ended(run, exit));
  }

  ask(ask: Ask, timeoutMs = ASK_TIMEOUT_MS, clock = this.#options.clock): Promise<Answer> {
    return this.#link.ask(ask, timeoutMs, clock);
  }

  /** Resolves once the state desired now is in force; while it is down, the next start applies it. */
  steer(): Promise<void> {
    if (this.#state.state === "down") {
      this.#hasMissed = true;
      return Promise.resolve();
    }
    this.#following ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#following = undefined;
        this.#current = this.#configure().catch((error: unknown) => this.#leftOut(error));
        return this.#current;
      });
    return this.#following;
  }

  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    this.#retry?.cancel();
    await this.#run?.stop(withinMs);
  }

  kill(): void {
    this.#isStopping = true;
    this.#retry?.cancel();
    this.#run?.signal("SIGKILL");
  }

  /** A process that ended meanwhile is steered when it is started again; that is no failure. */
  #leftOut(error: unknown): void {
    if (this.#state.state === "up") throw error;
    this.#hasMissed = true;
  }

  async #configure(timeoutMs = ASK_TIMEOUT_MS): Promise<void> {
    await this.#link.ask(this.#options.configureAsk(), timeoutMs);
  }

  #begin(): ChildRun<Started> {
    const { name, fork, clock, started, onSaid } = this.#options;
    const run = new ChildRun<Started>({
      child: fork(),
      clock,
      ready: started,
      readyTimeoutMs: START_TIMEOUT_MS,
      onSaid: (said) => {
        if (!this.#link.take(said as { type: string })) onSaid(said);
      },
    });
    this.#run = run;
    // First of all, so that nobody waits for an answer of one that is gone.
    void run.exited.then(({ reason }) => {
      if (this.#run === run) this.#link.giveUp(`The ${name} ${reason}.`);
    });
    return run;
  }

  async #bringUp(run: ChildRun<Started>): Promise<void> {
    const { name, onStarted } = this.#options;
    try {
      const started = await run.ready; // Not in the call: `?.` would skip it, and nobody would wait.
      onStarted?.(started);
      this.#hasMissed = false;
      this.#current = this.#configure(START_TIMEOUT_MS);
      await this.#current;
    } catch (error) {
      run.signal("SIGKILL");
      const isSentence = error instanceof Refused || error instanceof Unanswered;
      throw isSentence ? error : new Error(`The ${name} ${wordsOf(error)}.`);
    }
    this.#become({ state: "up", note: "running" });
    if (!this.#hasMissed) return;
    // It is up, whatever it says to what it has missed.
    await this.steer().catch((error) => this.#become({ state: "up", note: wordsOf(error) }));
  }

  #ended(run: ChildRun<Started>, exit: Exit): void {
    const { name, clock } = this.#options;
    if (this.#isStopping) return;
    const waitMs = this.#backOff.next(clock.now() - run.startedMs);
    this.#become({
      state: "down",
      note: `The ${name} ${exit.reason}; starting it again in ${waitMs / 1_000} s.`,
    });
    this.#retry = clock.after(waitMs, () => void this.#startAgain());
  }

  async #startAgain(): Promise<void> {
    const run = this.#begin();
    try {
      await this.#bringUp(run);
    } catch (error) {
      this.#become({ state: "down", note: wordsOf(error) });
    }
    void run.exited.then((exit) => this.#ended(run, exit));
  }

  #become(state: SteeredState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
