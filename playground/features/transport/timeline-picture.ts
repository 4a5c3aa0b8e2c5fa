/**
 * The whole diagram in one line: how much crossed where, on the stage's own axis, so that a story of
 * 4 ms has as much room as its arrows have. Pure: rows and a width in, columns and marks out.
 */
import { perSide, SIDES, type Side } from "../../../shared/contracts/ids.ts";
import type { Row } from "../../../shared/trace/rows.ts";
import type { Landmark } from "../../stores/landmarks.ts";

export const COLUMN_PX = 3;

export interface TimelinePicture {
  columns: readonly { pattern: Side; x: number; height: number }[];
  marks: readonly (Landmark & { x: number })[];
}

type Rows = readonly Row[];

/** Where a row is, from 0 to 1. */
export function shareOf(rows: Rows, index: number): number {
  const [first, last] = [rows[0]?.y ?? 0, rows.at(-1)?.y ?? 0];
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  return last <= first || row === undefined ? 0 : (row.y - first) / (last - first);
}

export function pictureOf(
  rows: Rows,
  landmarks: readonly Landmark[],
  widthPx: number,
  heightPx: number,
): TimelinePicture {
  const buckets = Math.max(1, Math.floor(widthPx / COLUMN_PX));
  const counts = perSide(() => new Uint32Array(buckets));
  rows.forEach((row, index) => {
    if (row.kind !== "hop") return;
    const bucket = Math.min(buckets - 1, Math.floor(shareOf(rows, index) * buckets));
    const column = counts[row.pattern];
    column[bucket] = (column[bucket] ?? 0) + row.count;
  });
  const half = heightPx / 2;
  const most = Math.log2(2 + Math.max(...SIDES.map((pattern) => Math.max(...counts[pattern]))));
  const columns = SIDES.flatMap((pattern) =>
    [...counts[pattern]].flatMap((count, bucket) =>
      count === 0
        ? []
        : [{ pattern, x: bucket * COLUMN_PX, height: (Math.log2(1 + count) / most) * (half - 1) }],
    ),
  );
  const marks = landmarks.flatMap((landmark) =>
    landmark.kind === "idle" ? [] : [{ ...landmark, x: shareOf(rows, landmark.index) * widthPx }],
  );
  return { columns, marks: thinned(marks) };
}

/** Of many that fall on one place, one of each kind is drawn. */
function thinned<T extends { kind: string; x: number }>(marks: readonly T[]): T[] {
  const lastX = new Map<string, number>();
  return marks.filter(({ kind, x }) => {
    if (x - (lastX.get(kind) ?? Number.NEGATIVE_INFINITY) < COLUMN_PX) return false;
    lastX.set(kind, x);
    return true;
  });
}
