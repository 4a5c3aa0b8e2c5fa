/**
 * A row of the benchmark as data: what is measured, by whom, and what is expected. A row opens its
 * subjects once; the harness then asks each of them for one figure a round, in turn, so that all
 * of a row share the machine's good and bad moments.
 */
import type { Backends } from "./backends.ts";

export interface BenchContext {
  backends: Backends;
  /** `full`, or fewer clients and shorter phases. */
  size: "quick" | "full";
  /** Told while a row takes its time. */
  say(words: string): void;
}

/** Measures once and answers with the row's unit; rejects when it could not. */
export type Measure = () => Promise<number>;

export interface OpenRow {
  /** By name, in the order of the table. */
  subjects: Record<string, Measure>;
  close(): Promise<void>;
}

export interface Target {
  words: string;
  /** The figure that is compared, from each subject's rounds. */
  figure(rounds: Record<string, readonly number[]>): number;
  isMet(figure: number): boolean;
}

export interface BenchRow {
  id: string;
  what: string;
  unit: string;
  rounds: { quick: number; full: number };
  targets?: readonly Target[];
  open(context: BenchContext): Promise<OpenRow>;
}

export interface RowResult {
  id: string;
  what: string;
  unit: string;
  rounds: Record<string, number[]>;
  targets: { words: string; figure: number; isMet: boolean }[];
  /** Why it was not measured, in words. */
  failure?: string;
}

/** The same measurement of each of them. */
export function eachMeasured<T>(
  things: Readonly<Record<string, T>>,
  measure: (thing: T) => Measure,
): OpenRow["subjects"] {
  return Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, measure(thing)]));
}
