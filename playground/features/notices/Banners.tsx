/** What is wrong right now, and what to do; it goes away by itself when it is mended. */
import { useStore } from "zustand";
import { clusterStore } from "../../stores/cluster-store.ts";
import { troublesOf } from "../../stores/troubles.ts";
import styles from "./Banners.module.css";

export function Banners() {
  const cluster = useStore(clusterStore);
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
    </div>
  );
}
