/** The page's short sentences, bottom left: what was done, with Undo; what failed, until dismissed. */
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { dismiss, type Notice, noticesStore } from "../../stores/notices-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import styles from "./Notices.module.css";

const SHOWN_MS = 7_000;

export function Notices() {
  const notices = useStore(noticesStore, (state) => state.notices);
  return (
    <ol className={styles.notices} aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </ol>
  );
}

function NoticeCard({ notice }: { notice: Notice }) {
  const { id, tone, text, advice, action } = notice;
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    // Failures stay; and nothing leaves from under a hand that reaches for Undo.
    if (tone === "bad" || isHeld) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, tone, isHeld]);
  return (
    <li
      className={styles.notice}
      data-tone={tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className={styles.text}>
        <p>
          {tone === "bad" && <span aria-hidden>✕ </span>}
          {text}
        </p>
        {advice !== undefined && <p className={styles.advice}>{advice}</p>}
      </div>
      {action !== undefined && (
        <Button
          small
          onPress={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton small name="Dismiss" onPress={() => dismiss(id)}>
        <X aria-hidden />
      </IconButton>
    </li>
  );
}
