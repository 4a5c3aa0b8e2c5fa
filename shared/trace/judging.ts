/** How long what may take before it is called late, lost or out of order (ME6 – ME9). */
export const JUDGING = {
  /** A delivery that took longer is late. */
  lateAfterMs: 1_000,
  /** How long a message may still come after the client was seen past it. */
  graceMs: 5_000,
  /** Web sockets: messages accepted within this of each other may arrive swapped. */
  swapMs: 1_000,
} as const;

export type JudgeOptions = Record<keyof typeof JUDGING, number>;
