/** The strip's links by name, and where each has its handle: in the middle of its curve. Pure. */
import type { Cluster } from "../../../shared/contracts/control.ts";
import { PATTERN_PREFIX, type Pattern } from "../../../shared/contracts/ids.ts";
import type { FaultLink, Selector } from "../../../shared/faults/link.ts";
import type { Box, Lane, Places } from "./places.ts";

export interface LinkPlace {
  link: FaultLink;
  pattern: Pattern;
  x: number;
  y: number;
}

export function linksOf(places: Places, cluster: Pick<Cluster, "patterns">): LinkPlace[] {
  return places.lanes.flatMap((lane) => {
    const ids = cluster.patterns[lane.pattern].replicas.map(({ id }) => id);
    return linksOfLane(lane, places, ids);
  });
}

function linksOfLane(lane: Lane, { broker, store }: Places, ids: readonly string[]): LinkPlace[] {
  const { pattern, clients, balancer, replicas, group } = lane;
  const all: Selector = `replica:${PATTERN_PREFIX[pattern]}-*`;
  // Replicas in several columns have their links together.
  const ends: { end: Selector; box: Box }[] =
    group === null
      ? replicas.map((box, index) => ({ end: `replica:${ids[index] ?? ""}`, box }))
      : [{ end: all, box: group }];
  const middle: Selector = `balancer:${pattern}`;
  return [
    { link: { from: "client:*", to: middle }, pattern, ...along(clients, balancer, 0.5) },
    ...ends.flatMap(({ end, box }): LinkPlace[] => [
      { link: { from: middle, to: end }, pattern, ...along(balancer, box, 0.5) },
      // Links to the shared parts cross each other in the middle: their handles stand before that.
      { link: { from: end, to: "broker" }, pattern, ...along(box, broker, BEFORE_CROSSING) },
      { link: { from: end, to: "store" }, pattern, ...along(box, store, BEFORE_CROSSING) },
    ]),
  ];
}

const BEFORE_CROSSING = 0.32;

/** A point of `linkPath`'s curve: a cubic whose handles are level with its ends. */
function along(from: Box, to: Box, share: number): { x: number; y: number } {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = (x2 - x1) / 2;
  const rest = 1 - share;
  const cubic = (a: number, b: number, c: number, d: number): number =>
    rest ** 3 * a + 3 * rest ** 2 * share * b + 3 * rest * share ** 2 * c + share ** 3 * d;
  return { x: cubic(x1, x1 + bend, x2 - bend, x2), y: cubic(y1, y1, y2, y2) };
}
