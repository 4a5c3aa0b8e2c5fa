/** What was counted of a server that is not ours: polls and how many came back with nothing, packets, who is there. */
import { useStore } from "zustand";
import type { PatternMetrics } from "../../../shared/contracts/metrics.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { useTarget } from "../../stores/target.ts";
import { shortNumber } from "../../ui/numbers.ts";
import styles from "./Target.module.css";

interface Figure {
  name: string;
  hint: string;
  read(metrics: PatternMetrics): number;
}

const REQUESTS: Figure = {
  name: "requests",
  hint: "HTTP requests since reset, polls among them.",
  read: (m) => m.requests,
};
const OPEN: Figure = {
  name: "open now",
  hint: "Requests that wait for an answer, and open sockets.",
  read: (m) => m.held,
};
const POLLS: readonly Figure[] = [
  {
    name: "polls",
    hint: "Answered requests of a kind that the server leaves waiting. Since reset.",
    read: (m) => m.polls,
  },
  {
    name: "idle answers",
    hint: "Polls whose answer brought nothing: 204, 304, 408, no body, an empty list.",
    read: (m) => m.idleRequests,
  },
];
const PACKETS: Figure = {
  name: "packets",
  hint: "Engine.IO packets and WebSocket frames, both ways. Since reset.",
  read: (m) => m.frames,
};

export function TargetFigures() {
  const metrics = useStore(metricsStore, ({ latest }) => latest?.patterns.target);
  const looksLike = useTarget()?.looksLike;
  const figures = [
    REQUESTS,
    ...(looksLike === "web-sockets" ? [] : POLLS),
    ...(looksLike === "long-polling" ? [] : [PACKETS]),
    OPEN,
  ];
  return (
    <section aria-label="Your server: figures" className={styles.figures} data-pattern="target">
      {figures.map(({ name, hint, read }) => (
        <div key={name} title={hint}>
          <span className={styles.value}>
            {metrics === undefined ? "–" : shortNumber(read(metrics))}
          </span>
          <span className={styles.name}>{name}</span>
        </div>
      ))}
    </section>
  );
}
