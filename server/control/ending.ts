/**
 * How the playground ends: once, in order, however it was asked to; a second signal does not wait.
 */
import type { Clock } from "../../shared/clock.ts";
import { say } from "./log.ts";
import { watchParent } from "./parent-watch.ts";

const DEADLINE_MS = 10_000;
/**
 * One Ctrl-C can come twice: from the terminal and from npm, which passes it on. A second signal
 * is a wish of its own only after this.
 */
const SAME_SIGNAL_MS = 1_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What of `process` is needed; tests give another. */
export interface Host {
  on(event: string, listener: (detail: unknown) => void): unknown;
  exit(code: number): void;
}

export interface EndingOptions {
  clock: Clock;
  host: Host;
  /** In order, within seconds. */
  stop(): Promise<void>;
  /** At once, whatever is going on. */
  kill(): void;
}

export class Ending {
  readonly #options: EndingOptions;
  #endingSinceMs: number | undefined;

  constructor(options: EndingOptions) {
    this.#options = options;
    for (const signal of SIGNALS) options.host.on(signal, () => this.#signalled());
    watchParent(options.clock, () => void this.end(0));
    options.host.on("uncaughtException", (error) => this.#fault(error));
    options.host.on("unhandledRejection", (error) => this.#fault(error));
  }

  get isEnding(): boolean {
    return this.#endingSinceMs !== undefined;
  }

  /** Stops everything and leaves with this code; does nothing the second time. */
  async end(code: number): Promise<void> {
    if (this.isEnding) return;
    this.#endingSinceMs = this.#options.clock.now();
    say("Stopping …");
    this.#options.clock.after(DEADLINE_MS, () => this.#atOnce());
    try {
      await this.#options.stop();
    } catch (error) {
      say(`Stopping failed: ${String(error)}`);
      this.#atOnce();
    }
    this.#options.host.exit(code);
  }

  #signalled(): void {
    if (this.#endingSinceMs === undefined) void this.end(0);
    else if (this.#options.clock.now() - this.#endingSinceMs > SAME_SIGNAL_MS) this.#atOnce();
  }

  #atOnce(): void {
    this.#options.kill();
    this.#options.host.exit(130);
  }

  #fault(error: unknown): void {
    say(`An unexpected fault: ${error instanceof Error ? error.stack : String(error)}`);
    void this.end(1);
  }
}
