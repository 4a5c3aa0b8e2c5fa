/** Tells the watchers what the cluster is like, soon after it changed: many changes at once make one snapshot. */
import type { Clock, Timer } from "../../shared/clock.ts";
import type { Snapshot } from "../../shared/contracts/control.ts";

const DELAY_MS = 100;

export interface SnapshotTellerOptions {
  clock: Clock;
  snapshot(): Snapshot;
  tell(snapshot: Snapshot): void;
}

export class SnapshotTeller {
  readonly #options: SnapshotTellerOptions;
  #timer: Timer | undefined;
  #last = "";
  #isStopped = false;

  constructor(options: SnapshotTellerOptions) {
    this.#options = options;
  }

  /** Something may have changed; what is the same as before is not told again. */
  changed(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#options.clock.after(DELAY_MS, () => {
      this.#timer = undefined;
      const snapshot = this.#options.snapshot();
      const text = JSON.stringify(snapshot);
      if (text !== this.#last) this.#options.tell(snapshot);
      this.#last = text;
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }
}
