/** Round durations, about evenly spaced to the eye, for sliders from milliseconds to minutes. */
const ROUND_MS = [
  0, 100, 200, 300, 500, 1_000, 2_000, 3_000, 5_000, 7_000, 10_000, 15_000, 20_000, 25_000, 30_000,
  45_000, 60_000, 90_000, 120_000, 180_000, 240_000, 300_000,
];

export function stopsBetween(min: number, max: number): readonly number[] {
  const inside = ROUND_MS.filter((ms) => ms > min && ms < max);
  return [min, ...inside, max];
}

/** Messages a second. */
export const RATE_STOPS: readonly number[] = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];
