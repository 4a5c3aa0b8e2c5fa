/**
 * All that can be shown, in one line, and where the playhead stands in it: pressed or dragged, it
 * goes there; with the keyboard, hop by hop. Long polling above the middle, WebSockets below.
 */
import { type KeyboardEvent, memo, type PointerEvent, useMemo } from "react";
import { useStore } from "zustand";
import { firstAtOrBelow } from "../../../shared/trace/axis.ts";
import type { Row } from "../../../shared/trace/rows.ts";
import { bookmarksStore } from "../../stores/bookmarks-store.ts";
import { type LandmarkKind, landmarksOf } from "../../stores/landmarks.ts";
import { pause, seekRow, step } from "../../stores/playback.ts";
import { playheadAt } from "../../stores/playhead.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import { useSize } from "../../ui/use-size.ts";
import { clockWords } from "./clock-words.ts";
import styles from "./Playback.module.css";
import { COLUMN_PX, pictureOf, shareOf, type TimelinePicture } from "./timeline-picture.ts";

const HEIGHT = 32;
/** Page keys go over a tenth of it. */
const PAGE = 10;

export function Timeline() {
  const { ref, width } = useSize<HTMLDivElement>();
  const { diagram, playhead, rowsShown } = useStore(traceStore);
  const bookmarks = useStore(bookmarksStore, (state) => state.bookmarks);
  const { sequence } = diagram;
  const { rows } = sequence;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change in place; their number and the fold they are of say so.
  const picture = useMemo(() => {
    diagram.place();
    return pictureOf(rows, landmarksOf(diagram, bookmarks), width, HEIGHT);
  }, [sequence, rows.length, bookmarks, width]);
  const shown = rowsShown();
  const x = playhead === null ? width : shareOf(rows, shown - 1) * width;
  return (
    <div
      ref={ref}
      className={styles.timeline}
      role="slider"
      tabIndex={0}
      aria-label="Timeline"
      aria-valuemin={0}
      aria-valuemax={rows.length}
      aria-valuenow={shown}
      aria-valuetext={valueWords(rows, shown)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrubTo(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && scrubTo(event)}
      onKeyDown={onKey}
    >
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <rect className={styles.ground} width={width} height={HEIGHT} rx={3} />
        <Picture picture={picture} />
        {x < width && <rect className={styles.behind} x={x} width={width - x} height={HEIGHT} />}
        <path className={styles.head} d={`M${x} 0V${HEIGHT}`} />
        <circle className={styles.knob} cx={x} cy={HEIGHT / 2} r={4.5} />
      </svg>
    </div>
  );
}

/** Drawn once for what stands still, however often the playhead moves. */
const Picture = memo(function Picture({ picture }: { picture: TimelinePicture }) {
  const middle = HEIGHT / 2;
  return (
    <>
      {picture.columns.map(({ pattern, x, height }) => (
        <rect
          key={`${pattern} ${x}`}
          data-pattern={pattern}
          className={styles.hops}
          x={x}
          y={pattern === "web-sockets" ? middle + 0.5 : middle - 0.5 - height}
          width={COLUMN_PX - 0.5}
          height={height}
        />
      ))}
      {picture.marks.map(({ kind, index, text, x }) => (
        <path key={`${kind} ${index}`} className={styles.mark} data-kind={kind} d={MARKS[kind](x)}>
          <title>{text}</title>
        </path>
      ))}
    </>
  );
});

/** Each kind has a shape of its own: red never stands alone. */
const MARKS: Record<LandmarkKind, (x: number) => string> = {
  loss: (x) => `M${x - 3} 1l6 6m0 -6l-6 6`,
  refusal: (x) => `M${x - 3} 1l6 6m0 -6l-6 6`,
  reconnect: (x) => `M${x - 3} ${HEIGHT - 2}l3 -6l3 6z`,
  idle: () => "",
  marker: (x) => `M${x} 0V${HEIGHT}`,
  bookmark: (x) => `M${x - 3.5} 0h7v9l-3.5 -3l-3.5 3z`,
};

function scrubTo(event: PointerEvent<HTMLDivElement>): void {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  const share = (event.clientX - left) / Math.max(1, width);
  const { diagram, seek } = traceStore.getState();
  const { rows } = diagram.sequence;
  pause();
  const [first, last] = [rows[0]?.y ?? 0, rows.at(-1)?.y ?? 0];
  const index = firstAtOrBelow(rows, first + share * (last - first));
  seek(share >= 1 ? null : playheadAt(rows, index));
}

function onKey(event: KeyboardEvent): void {
  const { diagram, rowsShown } = traceStore.getState();
  const count = diagram.sequence.rows.length;
  const by = Math.ceil(count / PAGE);
  const acts: Record<string, () => void> = {
    ArrowLeft: () => step(-1),
    ArrowDown: () => step(-1),
    ArrowRight: () => step(1),
    ArrowUp: () => step(1),
    PageDown: () => seekRow(Math.max(0, rowsShown() - 1 - by)),
    PageUp: () => seekRow(rowsShown() - 1 + by),
    Home: () => seekRow(0),
    End: () => seekRow(count),
  };
  const act = acts[event.key];
  if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

function valueWords(rows: readonly Row[], shown: number): string {
  const row = rows[shown - 1];
  const at = row === undefined ? "the beginning" : clockWords(row.atMs - (rows[0]?.atMs ?? 0));
  return `${at}, row ${wholeNumber(shown)} of ${wholeNumber(rows.length)}`;
}
