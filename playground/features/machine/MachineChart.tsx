/** A client's statechart: the state it is in and the arrow that it took last are lit. */
import { useId, useMemo } from "react";
import type { Statechart } from "../../../shared/patterns/statechart.ts";
import { type ClientState, stateWord } from "../../stores/client-state.ts";
import { BOX, CHART_WIDTH, layOut, type PlacedEdge, type PlacedState } from "./chart-layout.ts";
import styles from "./MachineChart.module.css";
import type { Move } from "./moves.ts";

interface MachineChartProps {
  chart: Statechart;
  /** The name of the state it is in. */
  current: string;
  state: ClientState;
  /** The arrow that was just taken. */
  taken: Move | undefined;
}

const LABEL_LINE_PX = 13;

export function MachineChart({ chart, current, state, taken }: MachineChartProps) {
  const { height, states, edges } = useMemo(() => layOut(chart), [chart]);
  const head = useId();
  const isTaken = ({ edge }: PlacedEdge): boolean =>
    edge.from === taken?.from && edge.to === taken.to;
  // What is lit is drawn last: over the others.
  const ordered = [...edges].sort((one, other) => Number(isTaken(one)) - Number(isTaken(other)));
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${CHART_WIDTH} ${height}`}
      role="img"
      aria-label={`Statechart. It is ${state.word} ${state.progress}`}
    >
      <defs>
        <marker
          id={head}
          viewBox="0 0 8 8"
          refX="7.5"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0 0 L8 4 L0 8 z" fill="context-stroke" />
        </marker>
      </defs>
      {ordered.map((placed) => (
        <g key={placed.path} className={styles.edge} data-taken={isTaken(placed) || undefined}>
          <path d={placed.path} markerEnd={`url(#${head})`} />
          <EdgeLabel {...placed.label} />
        </g>
      ))}
      {states.map((placed) => (
        <StateBox
          key={placed.name}
          placed={placed}
          isInitial={placed.name === chart.initial}
          state={placed.name === current ? state : undefined}
        />
      ))}
    </svg>
  );
}

function EdgeLabel({ x, y, anchor, lines }: PlacedEdge["label"]) {
  return (
    <text x={x} y={y} textAnchor={anchor}>
      {lines.map((line, index) => (
        <tspan key={line} x={x} dy={index === 0 ? 0 : LABEL_LINE_PX}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

interface StateBoxProps {
  placed: PlacedState;
  isInitial: boolean;
  /** Given where it is the current one. */
  state: ClientState | undefined;
}

function StateBox({ placed: { name, y }, isInitial, state }: StateBoxProps) {
  const left = state?.left ?? null;
  const middle = BOX.x + BOX.width / 2;
  const isWaiting = state !== undefined && state.progress !== "";
  return (
    <g className={styles.state} data-current={state !== undefined || undefined}>
      <rect x={BOX.x} y={y} width={BOX.width} height={BOX.height} rx={7} />
      {isInitial && <circle className={styles.initial} cx={BOX.x + 11} cy={y + 11} r={3.5} />}
      <text className={styles.name} x={middle} y={y + (isWaiting ? 19 : 28)} textAnchor="middle">
        {stateWord(name)}
      </text>
      {isWaiting && (
        <text className={styles.progress} x={middle} y={y + 34} textAnchor="middle">
          {state.progress}
        </text>
      )}
      {left !== null && (
        <rect
          className={styles.left}
          x={BOX.x + 8}
          y={y + BOX.height - 6}
          width={(BOX.width - 16) * left}
          height={3}
          rx={1.5}
        />
      )}
    </g>
  );
}
