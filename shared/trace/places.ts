/**
 * Where lifelines stand: columns and a width → **x**. Columns of one role stand closer together than
 * roles do, because labels need the room between them.
 */
import type { Column, ColumnRole } from "./columns.ts";

/** Room before a column of this role, as a share. */
const WEIGHT: Record<ColumnRole, number> = {
  client: 0.85,
  clients: 0.85,
  balancer: 0.9,
  replica: 0.95,
  replicas: 0.95,
  broker: 1.15,
  store: 1,
};
/** Between the last client and the first replica, where most labels are. */
const CROSSING_WEIGHT = 1.25;

/** The x of each column, px from the left of the half. A hidden one stands where it would be crossed. */
export function placeColumns(
  columns: readonly Column[],
  widthPx: number,
  marginPx: number,
): number[] {
  const shown = columns.filter((column) => !column.hidden);
  const weights = shown.map((column, index) => weightBefore(column, shown[index - 1]));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const unitPx = all === 0 ? 0 : (widthPx - 2 * marginPx) / all;
  const places = new Map<string, number>();
  let x = marginPx;
  shown.forEach((column, index) => {
    x += (weights[index] ?? 0) * unitPx;
    places.set(column.id, x);
  });
  return columns.map(
    (column, index) => places.get(column.id) ?? hiddenPlace(columns, index, places),
  );
}

function weightBefore(column: Column, before: Column | undefined): number {
  if (before === undefined) return 0;
  const crosses = before.role.startsWith("client") && !column.role.startsWith("client");
  return crosses ? CROSSING_WEIGHT : WEIGHT[column.role];
}

function hiddenPlace(
  columns: readonly Column[],
  index: number,
  places: ReadonlyMap<string, number>,
): number {
  const before = places.get(columns[index - 1]?.id ?? "");
  const after = places.get(columns[index + 1]?.id ?? "");
  if (before !== undefined && after !== undefined) return (before + after) / 2;
  return before ?? after ?? 0;
}
