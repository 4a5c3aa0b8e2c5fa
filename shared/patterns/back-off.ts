/**
 * How long a client waits after a failure: 0.25 s, doubling to 10 s, the upper half of it random,
 * so that clients that failed together do not come back together.
 */
const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** `failures` in a row, 1 or more; `random` in [0, 1). */
export function backOffMs(failures: number, random: number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}
