/** Hops that can be gone to: what led to this one, or what it led to. */
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { participantName } from "../../ui/names.ts";
import styles from "./Inspector.module.css";

const SHOWN = 8;

interface HopLinksProps {
  title: string;
  none: string;
  events: readonly TraceEvent[];
  onFollow: (seq: number) => void;
}

export function HopLinks({ title, none, events, onFollow }: HopLinksProps) {
  return (
    <section>
      <h4 className={styles.subtitle}>{title}</h4>
      {events.length === 0 ? (
        <p className={styles.mute}>{none}</p>
      ) : (
        <ul>
          {events.slice(0, SHOWN).map((event) => (
            <li key={event.seq}>
              <button
                type="button"
                className={styles.link}
                data-pattern={event.pattern}
                onClick={() => onFollow(event.seq)}
              >
                <span className={styles.linkLabel}>{event.label}</span>
                <span className={styles.mute}>
                  {participantName(event.from)} → {participantName(event.to)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {events.length > SHOWN && <p className={styles.mute}>and {events.length - SHOWN} more</p>}
    </section>
  );
}
