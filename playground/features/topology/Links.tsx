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
  const replicas = cluster.patterns[lane.pattern].replicas;
  const wire: LinkState = cluster.wire.state === "up" ? "up" : "cut";
  const broker: LinkState = health.broker.state === "up" ? "up" : "cut";
  const store: LinkState = health.store.state === "up" ? "up" : "cut";
  return (
    <g data-pattern={lane.pattern}>
      <Link from={lane.clients} to={lane.balancer} state={wire} isThick />
      {lane.replicas.map((box, index) => {
        const replica = replicas[index];
        if (replica === undefined) return null;
        const own = stateOfLink(replica.state);
        return (
          <g key={replica.id}>
            <Link from={lane.balancer} to={box} state={worst(wire, own)} />
            <Link from={box} to={places.broker} state={worst(broker, own)} part="broker" />
            <Link from={box} to={places.store} state={worst(store, own)} part="store" />
          </g>
        );
      })}
    </g>
  );
}

function stateOfLink(state: ReplicaState): LinkState {
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

function Link({ from, to, state, part, isThick = false }: LinkProps) {
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
