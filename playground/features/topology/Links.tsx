/** The strip's links, drawn behind its boxes; a link to what is down is broken and crossed. */
import type { Cluster, Health, ReplicaState } from "../../../shared/contracts/control.ts";
import { type Box, type Lane, linkPath, type Places } from "./places.ts";
import styles from "./Topology.module.css";

interface LinksProps {
  places: Places;
  cluster: Cluster;
  health: Health;
}

type LinkState = "up" | "idle" | "cut";

export function Links({ places, cluster, health }: LinksProps) {
  return (
    <svg className={styles.links} aria-hidden="true">
      {places.lanes.map((lane) => (
        <LaneLinks
          key={lane.pattern}
          lane={lane}
          places={places}
          cluster={cluster}
          health={health}
        />
      ))}
    </svg>
  );
}

function LaneLinks({ lane, places, cluster, health }: LinksProps & { lane: Lane }) {
  const { replicas } = cluster.patterns[lane.pattern];
  const wire = upOrCut(cluster.wire.state);
  const broker = upOrCut(health.broker.state);
  const store = upOrCut(health.store.state);
  // Through several columns the links would cross the boxes, so they end at what is around them.
  const ends =
    lane.group === null
      ? lane.replicas.map((box, index) => ({ box, state: stateOfLink(replicas[index]?.state) }))
      : [{ box: lane.group, state: "up" as const }];
  return (
    <g data-pattern={lane.pattern}>
      <Link from={lane.clients} to={lane.balancer} state={wire} isThick />
      {ends.map(({ box, state }) => (
        <g key={`${box.x} ${box.y}`}>
          <Link from={lane.balancer} to={box} state={worst(wire, state)} />
          <Link from={box} to={places.broker} state={worst(broker, state)} part="broker" />
          <Link from={box} to={places.store} state={worst(store, state)} part="store" />
        </g>
      ))}
      {lane.group !== null && <rect className={styles.group} rx={6} {...lane.group} />}
    </g>
  );
}

function upOrCut(state: "up" | "down"): LinkState {
  return state === "up" ? "up" : "cut";
}

function stateOfLink(state: ReplicaState | undefined): LinkState {
  if (state === "ready" || state === "draining") return "up";
  return state === "failed" || state === "restarting" ? "cut" : "idle";
}

function worst(a: LinkState, b: LinkState): LinkState {
  if (a === "cut" || b === "cut") return "cut";
  return a === "idle" || b === "idle" ? "idle" : "up";
}

interface LinkProps {
  from: Box;
  to: Box;
  state: LinkState;
  part?: "broker" | "store";
  isThick?: boolean;
}

export function Link({ from, to, state, part, isThick = false }: LinkProps) {
  return (
    <path
      d={linkPath(from, to)}
      className={styles.link}
      data-state={state}
      data-role={part}
      data-thick={isThick || undefined}
    />
  );
}
