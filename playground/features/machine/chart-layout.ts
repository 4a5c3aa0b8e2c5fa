/**
 * Where the boxes and arrows of a statechart stand: states below each other in the machine's order;
 * arrows to the next state between them, arrows that skip states to the right, arrows back up to
 * the left, each in a lane of its own. Pure geometry, in px of the picture.
 *
 *        ┌─────────┐╮ self
 *   ┌──►│ polling │╯──┐
 *   │   └────┬────┘   │ failed
 *   │ waited ▼        │
 *   ├───┤ pausing │   │
 *   └───┤ backing off │◄┘
 */
import type { Statechart, StatechartEdge } from "../../../shared/patterns/statechart.ts";

export const CHART_WIDTH = 340;
export const BOX = { x: 78, width: 142, height: 46 } as const;
const GAP = 50;
const TOP = 6;
const LANE = 34;
const LINE_PX = 13;
const RIGHT = BOX.x + BOX.width;
const ROUND = 8;

export interface PlacedState {
  name: string;
  y: number;
}

export interface PlacedEdge {
  edge: StatechartEdge;
  /** An SVG path that ends at the arrow's head. */
  path: string;
  label: { x: number; y: number; anchor: "start" | "end"; lines: readonly string[] };
}

export interface ChartLayout {
  height: number;
  states: readonly PlacedState[];
  edges: readonly PlacedEdge[];
}

export function layOut({ states, edges }: Statechart): ChartLayout {
  const placed = states.map(({ name }, row) => ({ name, y: TOP + row * (BOX.height + GAP) }));
  const rows = new Map(states.map(({ name }, row) => [name, row]));
  let lanesLeft = 0;
  let lanesRight = 0;
  const drawn = edges.flatMap((edge): PlacedEdge[] => {
    const from = rows.get(edge.from);
    const to = rows.get(edge.to);
    const [fromY, toY] = [placed[from ?? -1]?.y, placed[to ?? -1]?.y];
    if (from === undefined || to === undefined || fromY === undefined || toY === undefined)
      return [];
    if (from === to) return [toItself(edge, fromY)];
    if (to === from + 1) return [toTheNext(edge, fromY, toY)];
    if (to > from) return [overOthers(edge, fromY, toY, lanesRight++)];
    return [back(edge, fromY, toY, lanesLeft++)];
  });
  const height = (placed.at(-1)?.y ?? 0) + BOX.height + TOP;
  return { height, states: placed, edges: drawn };
}

function toItself(edge: StatechartEdge, y: number): PlacedEdge {
  const [top, bottom, far] = [y + 9, y + 25, RIGHT + 22];
  const path = `M${RIGHT} ${top} C${far} ${top - 6} ${far} ${bottom + 6} ${RIGHT} ${bottom}`;
  return { edge, path, label: beside(edge, RIGHT + 22, y + 9) };
}

function toTheNext(edge: StatechartEdge, fromY: number, toY: number): PlacedEdge {
  const x = BOX.x + 26;
  const middle = (fromY + BOX.height + toY) / 2;
  const first = middle - ((edge.events.length - 1) * LINE_PX) / 2;
  return {
    edge,
    path: `M${x} ${fromY + BOX.height} V${toY}`,
    label: beside(edge, x + 8, first + 4),
  };
}

function overOthers(edge: StatechartEdge, fromY: number, toY: number, lane: number): PlacedEdge {
  const x = RIGHT + 18 + lane * LANE;
  const [out, into] = [fromY + BOX.height - 9, toY + BOX.height / 2];
  return { edge, path: around(RIGHT, x, out, into), label: beside(edge, x + 8, (out + into) / 2) };
}

function back(edge: StatechartEdge, fromY: number, toY: number, lane: number): PlacedEdge {
  const x = BOX.x - 12 - lane * LANE;
  const [out, into] = [fromY + BOX.height / 2, toY + 12 + lane * 11];
  const label = { x: BOX.x - 4, y: out + 14, anchor: "end" as const, lines: edge.events };
  return { edge, path: around(BOX.x, x, out, into), label };
}

/** Out of a side at one height, along a lane, and back in at another. */
function around(side: number, lane: number, outY: number, intoY: number): string {
  const across = lane > side ? ROUND : -ROUND;
  const along = intoY > outY ? ROUND : -ROUND;
  return [
    `M${side} ${outY} H${lane - across}`,
    `Q${lane} ${outY} ${lane} ${outY + along}`,
    `V${intoY - along}`,
    `Q${lane} ${intoY} ${lane - across} ${intoY}`,
    `H${side}`,
  ].join(" ");
}

function beside(edge: StatechartEdge, x: number, y: number): PlacedEdge["label"] {
  return { x, y, anchor: "start", lines: edge.events };
}
