/** What a newcomer sees on the very first open, said once; it can be dismissed. */
import { X } from "lucide-react";
import { IconButton } from "../../ui/Button.tsx";
import styles from "./FirstMinute.module.css";

export function FirstMinute({ onDismiss }: { onDismiss: () => void }) {
  return (
    <aside className={styles.note} aria-label="The first minute">
      <p>
        <strong>Three clients of each pattern have just joined a real cluster.</strong> The bars on
        the left half are parked polls, draining their 10 s; when one runs out, its answer is empty
        and the client asks again. On the right, sockets simply stay open. Now send something and
        watch it cross.
      </p>
      <IconButton small name="Dismiss" onPress={onDismiss}>
        <X aria-hidden />
      </IconButton>
    </aside>
  );
}
