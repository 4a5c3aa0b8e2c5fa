/**
 * One run of one child process: from fork to exit, once.
 *
 * Supervisors make a new run for each restart. A run knows when its child is ready, what it says,
 * and how it ended; it does not decide whether it is started again. Children end by themselves on
 * 'disconnect', so closing the channel is the portable way to ask one to go.
 */
import type { ChildProcess } from "node:child_process";
import type { Clock } from "../../shared/clock.ts";

export interface Exit {
  /** Plain words: `was killed (SIGKILL)`, `ended with code 1`. */
  reason: string;
}

export interface ChildRunOptions<Ready> {
  child: ChildProcess;
  clock: Clock;
  /** Reads the child's announcement; anything else is passed to `onSaid`. */
  ready(said: unknown): Ready | undefined;
  readyTimeoutMs: number;
  onSaid?(said: unknown): void;
}

export class ChildRun<Ready> {
  readonly pid: number | undefined;
  readonly startedMs: number;
  /** What it said when it was ready; rejects if it ends before, or takes too long. */
  readonly ready: Promise<Ready>;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #hasExited = false;

  constructor(options: ChildRunOptions<Ready>) {
    const { child, clock } = options;
    this.#child = child;
    this.#clock = clock;
    this.pid = child.pid;
    this.startedMs = clock.now();
    this.exited = new Promise((resolve) => {
      const end = (reason: string) => {
        this.#hasExited = true;
        resolve({ reason });
      };
      child.once("exit", (code, signal) => {
        end(signal === null ? `ended with code ${code}` : `was killed (${signal})`);
      });
      child.on("error", (error) => {
        if (child.pid === undefined) end(`could not be started: ${error.message}`);
      });
    });
    this.ready = this.#untilReady(options);
    this.ready.catch(() => undefined); // Whoever waits is told; nobody has to wait.
  }

  #untilReady(options: ChildRunOptions<Ready>): Promise<Ready> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(options.readyTimeoutMs, () => {
        reject(new Error(`was not ready after ${options.readyTimeoutMs / 1_000} s`));
      });
      this.#child.on("message", (said) => {
        const ready = options.ready(said);
        if (ready === undefined) return options.onSaid?.(said);
        timer.cancel();
        resolve(ready);
      });
      void this.exited.then(({ reason }) => {
        timer.cancel();
        reject(new Error(reason));
      });
    });
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** False when the child is gone or its channel is closed. */
  send(what: object): boolean {
    if (!this.#child.connected) return false;
    this.#child.send(what, () => undefined); // A child that just went is seen by its exit.
    return true;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#hasExited) this.#child.kill(signal);
  }

  /** Waits for the end; after `withinMs`, makes it. A frozen process can be killed as well. */
  async endWithin(withinMs: number): Promise<Exit> {
    const timer = this.#clock.after(withinMs, () => this.signal("SIGKILL"));
    const exit = await this.exited;
    timer.cancel();
    return exit;
  }

  /** Asks it to go by closing the channel, and sees to it that it does. */
  stop(withinMs: number): Promise<Exit> {
    if (this.#child.connected) this.#child.disconnect();
    return this.endWithin(withinMs);
  }
}
