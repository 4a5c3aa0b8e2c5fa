/**
 * What is wrong with the playground right now, in plain words: what happened, and what to do.
 * A pure reading of the cluster state; the banners draw it.
 */

import type { Health, Part, Replica } from "../../shared/contracts/control.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import { PATTERN_NAMES } from "../../shared/patterns/names.ts";
import type { ClusterState } from "./cluster-store.ts";

export interface Trouble {
  id: string;
  title: string;
  advice: string;
}

export function troublesOf({ feed, snapshot }: ClusterState): readonly Trouble[] {
  // Nothing else on the page is current then, so nothing else is worth saying.
  if (feed === "lost") {
    return [
      {
        id: "server",
        title: "The playground's server does not answer.",
        advice:
          "What you see stands still. Start it again with “npm start”; this page finds it by itself.",
      },
    ];
  }
  if (snapshot === null) return [];
  const { health, cluster } = snapshot;
  const troubles: Trouble[] = [];
  if (cluster.wire.state === "down") {
    troubles.push({
      id: "wire",
      title: "The wire process is down: balancers and taps carry nothing.",
      advice: `${sentence(cluster.wire.note)}It is being started again; clients reconnect by themselves.`,
    });
  }
  if (health.broker.state === "down") troubles.push(brokerDown(health.broker));
  if (health.store.state === "down") troubles.push(storeDown(health.store));
  for (const pattern of PATTERNS) {
    const trouble = noReplica(pattern, cluster.patterns[pattern].replicas);
    if (trouble !== undefined) troubles.push(trouble);
  }
  return troubles;
}

function brokerDown(broker: Health["broker"]): Trouble {
  return {
    id: "broker",
    title: `The broker is down (${broker.url}).`,
    advice:
      `${sentence(broker.note)}Messages are still stored, but clients at other replicas get them only once it is back. ${remedy(broker, "Redis", "REDIS_URL")}`.trim(),
  };
}

function storeDown(store: Health["store"]): Trouble {
  return {
    id: "store",
    title: `The message store is down (${store.url}).`,
    advice:
      `${sentence(store.note)}New messages are refused until it is back. ${remedy(store, "Postgres", "DATABASE_URL")}`.trim(),
  };
}

function remedy(part: Part, product: string, variable: string): string {
  // Of ours, the note says what happens next.
  return part.given !== true
    ? ""
    : `Start ${product} at that address, or stop the playground, unset ${variable} and start it again to use the embedded one.`;
}

function noReplica(pattern: Pattern, replicas: readonly Replica[]): Trouble | undefined {
  if (replicas.some(({ state }) => state === "ready" || state === "starting")) return undefined;
  const name = PATTERN_NAMES[pattern];
  if (replicas.length === 0) {
    return {
      id: `none-${pattern}`,
      title: `${name} has no replica: every request is answered 503.`,
      advice: "Add one with + beside Replicas.",
    };
  }
  if (replicas.every(({ state }) => state === "frozen")) {
    return {
      id: `none-${pattern}`,
      title: `Every ${name} replica is frozen: requests wait or are answered 503.`,
      advice: "Click a replica in the strip above and thaw it.",
    };
  }
  return {
    id: `none-${pattern}`,
    title: `No ${name} replica can take requests now.`,
    advice: replicas.some(({ state }) => state === "restarting")
      ? "They are being started again; clients back off and come back by themselves."
      : "Click a replica in the strip above and restart it.",
  };
}

/** A note as a sentence of its own, or nothing. */
function sentence(note: string): string {
  const text = note.trim();
  if (text === "") return "";
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? `${first} ` : `${first}. `;
}
