/** A handle on each link of the strip: opens what can be done to that link, and shows what is. */
import { Zap } from "lucide-react";
import type { Cluster } from "../../../shared/contracts/control.ts";
import { useLinkFaults } from "../../stores/use-link-faults.ts";
import { ActionMenu } from "../../ui/ActionMenu.tsx";
import { type LinkPlace, linksOf } from "./link-places.ts";
import type { Places } from "./places.ts";
import styles from "./Topology.module.css";

export function LinkMenus({ places, cluster }: { places: Places; cluster: Cluster }) {
  return linksOf(places, cluster).map((place) => (
    <LinkMenu key={`${place.link.from} ${place.link.to}`} {...place} />
  ));
}

function LinkMenu({ link, pattern, x, y }: LinkPlace) {
  const { name, inForce, groups, act } = useLinkFaults(link);
  const isFaulty = inForce.length > 0;
  return (
    <ActionMenu
      name={isFaulty ? `Link ${name}, faulty: ${inForce.join("; ")}` : `Link ${name}`}
      className={styles.handle}
      style={{ left: x, top: y }}
      data={{ "data-pattern": pattern, "data-faulty": isFaulty || undefined }}
      groups={groups}
      onAction={act}
    >
      {isFaulty ? <Zap aria-hidden /> : <span className={styles.dot} />}
    </ActionMenu>
  );
}
