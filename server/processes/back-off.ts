/**
 * How long to wait before something that ended is started again: longer each time, and from the
 * start again once a run has lasted a minute.
 */
export interface BackOffOptions {
  /** The last of them for ever after. */
  waitsMs: readonly [number, ...number[]];
  /** A run that lasted this long was healthy. */
  healthyMs: number;
}

export const REPLICA_BACK_OFF: BackOffOptions = {
  waitsMs: [1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
  healthyMs: 60_000,
};
/** Wire, fleet, broker and store carry everybody: their first restart is nearly at once. */
export const PART_BACK_OFF: BackOffOptions = {
  waitsMs: [200, ...REPLICA_BACK_OFF.waitsMs],
  healthyMs: 60_000,
};

export class BackOff {
  readonly #options: BackOffOptions;
  #failures = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  /** The wait after a run that lasted `ranMs` (0: it did not even start). */
  next(ranMs: number): number {
    const { waitsMs, healthyMs } = this.#options;
    if (ranMs >= healthyMs) this.reset();
    const waitMs = waitsMs[this.#failures] ?? waitsMs[0];
    this.#failures = Math.min(this.#failures + 1, waitsMs.length - 1);
    return waitMs;
  }

  reset(): void {
    this.#failures = 0;
  }
}
