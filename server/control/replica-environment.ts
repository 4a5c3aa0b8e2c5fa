/** What a replica is told by its environment when it starts (`shared/contracts/replica-admin.ts`). */
import type { Pattern, ReplicaId } from "../../shared/contracts/ids.ts";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import type { Parts } from "./running-part.ts";
import type { TapPorts } from "./tap-ports.ts";
import { throughTap } from "./topology.ts";

export interface ReplicaEnvironmentOptions {
  pattern: Pattern;
  id: ReplicaId;
  parts: Parts;
  /** Broker and store are reached through these, and nothing else. */
  taps: TapPorts;
  settings: ReplicaSettings;
  origins: readonly string[];
}

export function replicaEnvironment(options: ReplicaEnvironmentOptions): Record<string, string> {
  const { pattern, id, parts, taps, settings, origins } = options;
  return {
    PATTERN: pattern,
    REPLICA_ID: id,
    HOST: "127.0.0.1",
    PORT: "0",
    ADMIN_PORT: "0",
    REDIS_URL: throughTap(parts.broker.url, taps.broker),
    DATABASE_URL: throughTap(parts.store.url, taps.store),
    SETTINGS: JSON.stringify(settings),
    ORIGINS: origins.join(","),
  };
}
