/** Targets in the form the table wants them: one subject against another, round by round, or against a limit. */
import type { Target } from "../row.ts";
import { differences, median, ratios } from "../stats.ts";

type Rounds = Record<string, readonly number[]>;

/** The median of the ratios, round by round, of one subject to another. */
function ratioOf(one: string, other: string): (rounds: Rounds) => number {
  return (rounds) => median(ratios(rounds[one] ?? [], rounds[other] ?? []));
}

export function atLeast(limit: number, one: string, other: string): Target {
  return {
    words: `≥ ${limit} × ${other}`,
    figure: ratioOf(one, other),
    isMet: (figure) => figure >= limit,
  };
}

export function atMost(limit: number, one: string, other: string): Target {
  return {
    words: `≤ ${Number(limit.toPrecision(3))} × ${other}`,
    figure: ratioOf(one, other),
    isMet: (figure) => figure <= limit,
  };
}

export function below(limit: number, one: string, unit: string): Target {
  return {
    words: `≤ ${limit} ${unit}`,
    figure: (rounds) => median(rounds[one] ?? []),
    isMet: (figure) => figure <= limit,
  };
}

/** What one subject costs beyond another. */
export function addsAtMost(limit: number, one: string, other: string, unit: string): Target {
  return {
    words: `≤ ${limit} ${unit} above ${other}`,
    figure: (rounds) => median(differences(rounds[one] ?? [], rounds[other] ?? [])),
    isMet: (figure) => figure <= limit,
  };
}
