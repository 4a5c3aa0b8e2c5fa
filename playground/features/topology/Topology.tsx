/** The strip of every process and link, with live counts; replicas, parts and links open their menus. */
import { useStore } from "zustand";
import type { Cluster, Health } from "../../../shared/contracts/control.ts";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import { useSize } from "../../ui/use-size.ts";
import { LinkMenus } from "./LinkMenus.tsx";
import { Links } from "./Links.tsx";
import { PartBox } from "./PartBox.tsx";
import { PlainBox } from "./PlainBox.tsx";
import { type Box, type Lane, placesOf } from "./places.ts";
import { ReplicaBox } from "./ReplicaBox.tsx";
import styles from "./Topology.module.css";

export const LINE_PX = { desk: 23, projector: 30 };

export function Topology() {
  const { ref, width, height } = useSize<HTMLElement>();
  const { shown, projector } = useStore(viewStore);
  const snapshot = useStore(clusterStore, (state) => state.snapshot);
  if (snapshot === null || width === 0) {
    return <section ref={ref} className={styles.strip} aria-label="Processes and links" />;
  }
  const { cluster, health, fleet } = snapshot;
  const counts = shownPatterns(shown).map((pattern) => ({
    pattern,
    replicas: cluster.patterns[pattern].replicas.length,
  }));
  const line = projector ? LINE_PX.projector : LINE_PX.desk;
  const places = placesOf(counts, { width, height, line });
  return (
    <section ref={ref} className={styles.strip} aria-label="Processes and links">
      <Links places={places} cluster={cluster} health={health} />
      {places.lanes.map((lane) => (
        <LaneBoxes key={lane.pattern} lane={lane} cluster={cluster} clients={fleet[lane.pattern]} />
      ))}
      <LinkMenus places={places} cluster={cluster} />
      <SharedBoxes broker={places.broker} store={places.store} health={health} />
    </section>
  );
}

function LaneBoxes({ lane, cluster, clients }: { lane: Lane; cluster: Cluster; clients: number }) {
  const { pattern, replicas, detail } = lane;
  const rate = useStore(metricsStore, ({ latest }) => rateWords(pattern, latest));
  const isUp = cluster.wire.state === "up";
  const list = cluster.patterns[pattern].replicas;
  return (
    <div data-pattern={pattern}>
      <PlainBox box={lane.clients} name={`${shortNumber(clients)} clients`} count="" />
      <PlainBox
        box={lane.balancer}
        name="balancer"
        count={isUp ? rate : "✕ down"}
        isDown={!isUp}
        hint={cluster.patterns[pattern].url}
      />
      {list.length === 0 && (
        <p
          className={styles.none}
          style={{ left: lane.balancer.x + lane.balancer.width + 24, top: lane.balancer.y }}
        >
          no replica: 503
        </p>
      )}
      {list.map((replica, index) => {
        const box = replicas[index];
        return box === undefined ? null : (
          <ReplicaBox
            key={replica.id}
            pattern={pattern}
            replica={replica}
            box={box}
            detail={detail}
          />
        );
      })}
    </div>
  );
}

function rateWords(
  pattern: Pattern,
  latest: {
    patterns: Record<Pattern, { window: { requestsPerSecond: number; framesPerSecond: number } }>;
  } | null,
): string {
  if (latest === null) return "";
  const { requestsPerSecond, framesPerSecond } = latest.patterns[pattern].window;
  return pattern === "long-polling"
    ? `${shortNumber(requestsPerSecond)} req/s`
    : `${shortNumber(framesPerSecond)} frames/s`;
}

function SharedBoxes({ broker, store, health }: { broker: Box; store: Box; health: Health }) {
  const publishes = useStore(metricsStore, ({ latest }) => latest?.publishesPerSecond);
  const inserts = useStore(metricsStore, ({ latest }) => latest?.insertsPerSecond);
  const count = (state: "up" | "down", rate: number | undefined, unit: string) =>
    state === "down" ? "✕ down" : rate === undefined ? "" : `${shortNumber(rate)} ${unit}`;
  return (
    <>
      <PartBox
        part="broker"
        box={broker}
        state={health.broker}
        count={count(health.broker.state, publishes, "publish/s")}
      />
      <PartBox
        part="store"
        box={store}
        state={health.store}
        count={count(health.store.state, inserts, "insert/s")}
      />
    </>
  );
}
