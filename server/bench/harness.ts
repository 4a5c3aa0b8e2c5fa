/** Runs rows: opens one, asks its subjects in turn for as many rounds as it wants, closes it. */
import type { BenchContext, BenchRow, OpenRow, RowResult } from "./row.ts";

export async function runRow(row: BenchRow, context: BenchContext): Promise<RowResult> {
  const { id, what, unit } = row;
  const result: RowResult = { id, what, unit, rounds: {}, targets: [] };
  let open: OpenRow | undefined;
  try {
    open = await row.open(context);
    result.rounds = await interleave(open, row.rounds[context.size]);
  } catch (error) {
    return { ...result, rounds: {}, failure: error instanceof Error ? error.message : `${error}` };
  } finally {
    await open?.close();
  }
  for (const { words, figure, isMet } of row.targets ?? []) {
    const seen = figure(result.rounds);
    result.targets.push({ words, figure: seen, isMet: isMet(seen) });
  }
  return result;
}

/** Every other round backwards: whoever goes first pays for what the one before left behind. */
async function interleave(
  { subjects }: OpenRow,
  rounds: number,
): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = {};
  const inOrder = Object.entries(subjects);
  for (const [name] of inOrder) values[name] = [];
  for (let round = 0; round < rounds; round++) {
    const turn = round % 2 === 0 ? inOrder : inOrder.toReversed();
    for (const [name, measure] of turn) values[name]?.push(await measure());
  }
  return values;
}
