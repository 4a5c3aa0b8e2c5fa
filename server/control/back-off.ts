/**
 * How long to wait before something that ended is started again: 1, 2, 4 … 30 s, and from the
 * start again once a run has lasted a minute.
 */
export interface BackOffOptions {
  firstMs: number;
  maxMs: number;
  /** A run that lasted this long was healthy. */
  healthyMs: number;
}

export const REPLICA_BACK_OFF: BackOffOptions = {
  firstMs: 1_000,
  maxMs: 30_000,
  healthyMs: 60_000,
};
/** Wire and fleet carry everybody: their first restart is nearly at once. */
export const PART_BACK_OFF: BackOffOptions = { firstMs: 200, maxMs: 30_000, healthyMs: 60_000 };

export class BackOff {
  readonly #options: BackOffOptions;
  #nextMs: number;

  constructor(options: BackOffOptions) {
    this.#options = options;
    this.#nextMs = options.firstMs;
  }

  /** The wait after a run that lasted `ranMs`. */
  next(ranMs: number): number {
    if (ranMs >= this.#options.healthyMs) this.reset();
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(waitMs * 2, this.#options.maxMs);
    return waitMs;
  }

  reset(): void {
    this.#nextMs = this.#options.firstMs;
  }
}
