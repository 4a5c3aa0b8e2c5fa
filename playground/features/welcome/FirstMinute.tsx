/** What a newcomer sees on the very first open, said once; it can be dismissed. */
import { X } from "lucide-react";
import { IconButton } from "../../ui/Button.tsx";
import styles from "./FirstMinute.module.css";

export function FirstMinute({ onDismiss }: { onDismiss: () => void }) {
  return (
    <aside className={styles.note} aria-label="The first minute">
      <p>
        <strong>Three clients of each pattern have joined a real cluster.</strong> On the left each
        bar is a parked poll, draining its 10 s; on the right, sockets stay open. Now send
        something.
      </p>
      <IconButton small name="Dismiss" onPress={onDismiss}>
        <X aria-hidden />
      </IconButton>
    </aside>
  );
}
