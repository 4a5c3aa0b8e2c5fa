/** What is wrong right now, and what to do; it goes away by itself when it is mended. */
import { useStore } from "zustand";
import { clusterStore } from "../../stores/cluster-store.ts";
import { holdStore } from "../../stores/hold-store.ts";
import { troublesOf } from "../../stores/troubles.ts";
import styles from "./Banners.module.css";

export function Banners() {
  const cluster = useStore(clusterStore);
  const held = useStore(holdStore, (hold) => hold.held);
  const troubles = troublesOf(cluster);
  return (
    <div role="status">
      {troubles.map((trouble) => (
        <p key={trouble.id} className={styles.banner}>
          <span aria-hidden className={styles.cross}>
            ✕
          </span>
          <strong>{trouble.title}</strong> {trouble.advice}
        </p>
      ))}
      {held && (
        <p className={styles.held}>
          <strong>Traffic is held.</strong> Nothing arrives until it is stepped or released (keys N
          and H), and figures leave it out.
        </p>
      )}
    </div>
  );
}
