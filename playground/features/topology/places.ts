/**
 * Where the strip's boxes stand: clients → balancer → replicas → broker and store, one lane per
 * pattern, for any width and 0..16 replicas. Pure arithmetic; `Topology` draws it.
 */
import type { Pattern, Side } from "../../../shared/contracts/ids.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How much a replica's box can say. */
export type Detail = "full" | "short" | "number";

export interface Lane<S extends Side = Pattern> {
  pattern: S;
  clients: Box;
  balancer: Box;
  replicas: Box[];
  /** Around replicas that stand in several columns: links go to it, not through them. */
  group: Box | null;
  detail: Detail;
}

export interface Places<S extends Side = Pattern> {
  lanes: Lane<S>[];
  broker: Box;
  store: Box;
}

interface StripSize {
  width: number;
  height: number;
  /** Height of one line of text and its air. */
  line: number;
}

const EDGE = 12;
const GAP = 6;
/** Shares of the width: boxes, and the room between them for links. */
const SHARE = { clients: 0.115, link: 0.045, balancer: 0.205, shared: 0.22 };

export function placesOf<S extends Side>(
  counts: readonly { pattern: S; replicas: number }[],
  { width, height, line }: StripSize,
): Places<S> {
  const usable = width - 2 * EDGE;
  const column = (from: number, share: number) => ({
    x: EDGE + from * usable,
    width: share * usable,
  });
  const clients = column(0, SHARE.clients);
  const balancer = column(SHARE.clients + SHARE.link, SHARE.balancer);
  const shared = column(1 - SHARE.shared, SHARE.shared);
  const replicasFrom = balancer.x + balancer.width + SHARE.link * usable;
  const replicas = {
    x: replicasFrom,
    width: shared.x - SHARE.link * 1.3 * usable - replicasFrom,
  };

  const laneHeight = (height - 2 * GAP) / counts.length;
  const boxHeight = Math.min(line, (laneHeight - 2 * GAP) / 2);
  const tall = Math.min(boxHeight * 1.25, laneHeight - GAP);
  const lanes = counts.map(({ pattern, replicas: count }, index): Lane<S> => {
    const middle = GAP + laneHeight * (index + 0.5);
    const single = (place: { x: number; width: number }): Box => ({
      ...place,
      y: middle - tall / 2,
      height: tall,
    });
    const area = { ...replicas, y: middle - laneHeight / 2, height: laneHeight };
    const grid = gridOf(count, area, boxHeight);
    return { pattern, clients: single(clients), balancer: single(balancer), ...grid };
  });
  const at = (share: number): Box => ({ ...shared, y: height * share - tall / 2, height: tall });
  return { lanes, broker: at(0.29), store: at(0.71) };
}

function gridOf(count: number, area: Box, boxHeight: number) {
  const rows = count <= 1 ? 1 : 2;
  const columns = Math.max(1, Math.ceil(count / rows));
  const width = (area.width - (columns - 1) * GAP) / columns;
  const block = rows * boxHeight + (rows - 1) * GAP;
  const top = area.y + (area.height - block) / 2;
  const replicas = Array.from(
    { length: count },
    (_, index): Box => ({
      x: area.x + (index % columns) * (width + GAP),
      y: top + Math.floor(index / columns) * (boxHeight + GAP),
      width,
      height: boxHeight,
    }),
  );
  const perLine = width / boxHeight;
  const detail: Detail = perLine > 8 ? "full" : perLine > 2.9 ? "short" : "number";
  const group = columns === 1 ? null : around(area, top, block);
  return { replicas, group, detail };
}

function around(area: Box, top: number, height: number): Box {
  const air = 2;
  return { x: area.x - air, y: top - air, width: area.width + 2 * air, height: height + 2 * air };
}

/** A link's curve from the right edge of one box to the left edge of another. */
export function linkPath(from: Box, to: Box): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
