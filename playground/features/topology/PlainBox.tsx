/** A box of the strip that only says what it is and how much goes on there. */
import type { Box } from "./places.ts";
import styles from "./Topology.module.css";

interface PlainBoxProps {
  box: Box;
  name: string;
  count: string;
  part?: "broker" | "store";
  isDown?: boolean;
  hint?: string;
}

export function PlainBox({ box, name, count, part, isDown = false, hint }: PlainBoxProps) {
  return (
    <div
      className={styles.box}
      data-role={part}
      data-down={isDown || undefined}
      title={hint}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <span className={styles.boxName}>{name}</span>
      <span className={styles.count}>{count}</span>
    </div>
  );
}
