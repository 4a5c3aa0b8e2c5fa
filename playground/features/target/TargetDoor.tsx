/** Where a message of ours would be sent from: the address that clients of somebody else's server are to use. */
import { ExternalLink } from "lucide-react";
import { useTarget } from "../../stores/target.ts";
import styles from "./Target.module.css";

export function TargetDoor() {
  const target = useTarget();
  if (target === undefined) return null;
  return (
    <p className={styles.door} data-pattern="target">
      <span className={styles.name}>Point its clients at</span>
      <a href={target.url} target="_blank" rel="noreferrer">
        <code>{target.url}</code>
        <ExternalLink aria-hidden />
      </a>
    </p>
  );
}
