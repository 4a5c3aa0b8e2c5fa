/** How many lifelines a half has room for. */
import type { DiagramOptions } from "../../../shared/trace/diagram.ts";
import type { StageType } from "./stage-type.ts";

/** From 8 m, four lifelines of clients and replicas are what can be read. */
const PROJECTED = { maxClients: 1, maxReplicas: 2 };
const MOST_CLIENTS = 6;
const MOST_REPLICAS = 8;
/** Which replica does what is the lesson: three stand apart even where it is tight. */
const LEAST_REPLICAS = 3;

export function roomFor(
  halfPx: number,
  type: StageType,
  projector: boolean,
  balancerShown: boolean,
): Pick<DiagramOptions, "maxClients" | "maxReplicas"> {
  if (projector) return PROJECTED;
  // Broker and store, and the lifeline that the other clients share, are always there.
  const others = balancerShown ? 4 : 3;
  const columns = Math.floor((halfPx - 2 * type.marginPx) / type.columnPx) + 1 - others;
  const clients = Math.min(MOST_CLIENTS, Math.max(2, Math.ceil(columns / 2)));
  return {
    maxClients: clients,
    maxReplicas: Math.min(MOST_REPLICAS, Math.max(LEAST_REPLICAS, columns - clients)),
  };
}
