/** The strip for somebody else's server: clients → balancer → server → its Redis. Nothing in it can be acted on. */
import { useStore } from "zustand";
import type { Cluster, Target } from "../../../shared/contracts/control.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { useTarget } from "../../stores/target.ts";
import { viewStore } from "../../stores/view-store.ts";
import { shortNumber } from "../../ui/numbers.ts";
import { useSize } from "../../ui/use-size.ts";
import { Link } from "./Links.tsx";
import { PlainBox } from "./PlainBox.tsx";
import { type Box, type Lane, placesOf } from "./places.ts";
import styles from "./Topology.module.css";
import { LINE_PX } from "./Topology.tsx";

export function TargetStrip() {
  const { ref, width, height } = useSize<HTMLElement>();
  const projector = useStore(viewStore, (view) => view.projector);
  const wire = useStore(clusterStore, ({ snapshot }) => snapshot?.cluster.wire);
  const target = useTarget();
  const line = projector ? LINE_PX.projector : LINE_PX.desk;
  const { lanes, broker } = placesOf([{ pattern: "target", replicas: 1 }], { width, height, line });
  const [lane] = lanes;
  const isReady = target !== undefined && wire !== undefined && lane !== undefined && width > 0;
  return (
    <section ref={ref} className={styles.strip} aria-label="Processes and links">
      {isReady && (
        <Boxes target={target} wire={wire} lane={lane} broker={{ ...broker, y: lane.balancer.y }} />
      )}
    </section>
  );
}

interface BoxesProps {
  target: Target;
  wire: Cluster["wire"];
  lane: Lane<"target">;
  broker: Box;
}

function Boxes({ target, wire, lane, broker }: BoxesProps) {
  const metrics = useStore(metricsStore, ({ latest }) => latest?.patterns.target);
  const [replica] = target.replicas;
  const [box = lane.balancer] = lane.replicas;
  const isDown = replica?.state === "failed";
  const isCut = wire.state === "down";
  const perSecond = metrics && metrics.window.requestsPerSecond + metrics.window.framesPerSecond;
  return (
    <div data-pattern="target">
      <svg className={styles.links} aria-hidden="true">
        <Link from={lane.clients} to={lane.balancer} state={isCut ? "cut" : "up"} isThick />
        <Link from={lane.balancer} to={box} state={isCut || isDown ? "cut" : "up"} />
        {target.broker && (
          <Link from={box} to={broker} state={isCut ? "cut" : "up"} part="broker" />
        )}
      </svg>
      <PlainBox box={lane.clients} name={clientWords(metrics?.clients ?? 0)} count="" />
      <PlainBox
        box={lane.balancer}
        name="balancer"
        count={isCut ? "✕ down" : `${shortNumber(perSecond ?? 0)} a second`}
        isDown={isCut}
        hint={`${target.url}: adds no header, changes no byte`}
      />
      <PlainBox
        box={box}
        name="your server"
        count={isDown ? "✕ no answer" : `${replica?.held ?? 0} open`}
        isDown={isDown}
        hint={replica?.note ?? target.server}
      />
      {target.broker && (
        <PlainBox
          box={broker}
          part="broker"
          name="its Redis"
          count={`tap ${target.broker.tap.slice(target.broker.tap.lastIndexOf(":"))}`}
          hint={`${target.broker.tap} leads to ${target.broker.address}`}
        />
      )}
    </div>
  );
}

function clientWords(count: number): string {
  return count === 1 ? "1 client" : `${shortNumber(count)} clients`;
}
