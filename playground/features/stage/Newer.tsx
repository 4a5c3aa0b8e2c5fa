/** Says how much came since the reader left the bottom, and takes them back there. */
import { ArrowDown } from "lucide-react";
import { useRef } from "react";
import type { Row } from "../../../shared/trace/rows.ts";
import style from "./stage.module.css";

interface Props {
  following: boolean;
  rows: readonly Row[];
  /** How many of them are shown. */
  end: number;
  toNewest(): void;
}

export function Newer({ following, rows, end, toNewest }: Props) {
  const leftAt = useRef<Row | undefined>(undefined);
  if (following) {
    leftAt.current = rows[end - 1];
    return null;
  }
  const count = countAfter(rows, end, leftAt.current);
  return (
    <button type="button" className={style.newer} onClick={toNewest}>
      <ArrowDown size="1.1em" aria-hidden="true" />
      {count === 0 ? "newest" : `${count.toLocaleString("en")} new`}
    </button>
  );
}

function countAfter(rows: readonly Row[], end: number, last: Row | undefined): number {
  let count = 0;
  for (let index = end - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row === undefined || row === last || row.atMs < (last?.atMs ?? 0)) break;
    if (row.kind === "hop") count += row.count;
  }
  return count;
}
