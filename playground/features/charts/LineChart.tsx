/** One chart over the last minutes; markers stand in it as vertical lines. uPlot draws. */
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useStore } from "zustand";
import type { Marker } from "../../../shared/contracts/control.ts";
import { faultsStore } from "../../stores/faults-store.ts";
import type { HistoryPoint } from "../../stores/metrics-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import { useSize } from "../../ui/use-size.ts";
import { useThemeName } from "../../ui/use-theme-name.ts";
import styles from "./Charts.module.css";
import { type Line, type Mark, optionsOf, type Span } from "./chart-options.ts";

interface LineChartProps {
  title: string;
  unit: string;
  lines: readonly Line[];
  history: readonly HistoryPoint[];
  times: readonly number[];
  markers: readonly Marker[];
}

const HEIGHT_PX = 128;

export function LineChart({ title, unit, lines, history, times, markers }: LineChartProps) {
  const { ref, width } = useSize<HTMLDivElement>();
  const theme = useThemeName();
  const chart = useRef<uPlot>(null);
  const now = history.at(-1)?.at ?? 0;
  const marks = useRef<readonly Mark[]>([]);
  marks.current = markers.map(({ at, ...marker }) => ({ ...marker, x: (at - now) / 1_000 }));
  const spans = useRef<readonly Span[]>([]);
  const { faults, past } = useStore(faultsStore);
  spans.current = [...past, ...faults].map((fault) => ({
    fromX: (fault.since - now) / 1_000,
    toX: "until" in fault ? (fault.until - now) / 1_000 : 0,
  }));
  const [pointedAt, setPointedAt] = useState("");
  const lineKey = lines.map(({ pattern, name }) => `${pattern} ${name}`).join();

  const data = useMemo(
    (): uPlot.AlignedData => [
      [...times],
      ...lines.map(({ pattern, read }) =>
        history.map((point) => valueAt(point, { pattern, read })),
      ),
    ],
    [times, history, lines],
  );
  const newest = useRef(data);
  newest.current = data;

  // Made anew for another width, theme or set of lines; each second only gets new data.
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and lineKey stand for colours and lines
  useEffect(() => {
    if (ref.current === null || width === 0) return;
    const options = optionsOf({
      width,
      height: HEIGHT_PX,
      lines,
      marks: () => marks.current,
      spans: () => spans.current,
      onPoint: (near) => setPointedAt(near.map(({ text }) => text).join(" · ")),
    });
    chart.current = new uPlot(options, newest.current, ref.current);
    return () => {
      chart.current?.destroy();
      chart.current = null;
    };
  }, [ref, width, theme, lineKey]);
  useEffect(() => chart.current?.setData(data), [data]);

  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <Legend lines={lines} history={history} unit={unit} />
      </figcaption>
      <div
        ref={ref}
        className={styles.plot}
        role="img"
        aria-label={`${title}, over the last minutes`}
      />
      {pointedAt !== "" && <p className={styles.pointedAt}>{pointedAt}</p>}
    </figure>
  );
}

function Legend({ lines, history, unit }: Pick<LineChartProps, "lines" | "history" | "unit">) {
  const last = history.at(-1);
  return (
    <ul className={styles.legend}>
      {lines.map((line) => {
        const value = last === undefined ? null : valueAt(last, line);
        return (
          <li key={`${line.pattern} ${line.name}`} data-pattern={line.pattern}>
            <span aria-hidden className={styles.stroke} data-dashed={line.isDashed} />
            {line.name}{" "}
            <span className={styles.value}>
              {value === null ? "–" : `${shortNumber(value)}${unit === "" ? "" : ` ${unit}`}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function valueAt({ patterns }: HistoryPoint, { pattern, read }: Pick<Line, "pattern" | "read">) {
  const sample = patterns[pattern];
  return sample === undefined ? null : read(sample);
}
