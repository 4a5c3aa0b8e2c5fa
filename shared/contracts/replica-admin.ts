/**
 * The admin port of a replica: how production servers take settings and show their health.
 * It is never a watched link.
 *
 *   PUT  /admin/settings   ReplicaSettings (partial) → 200 the settings now in force
 *   GET  /admin/stats      ReplicaStats
 *   POST /admin/drain      {deadlineMs} → 202; the process ends by itself when drained
 */

export interface ReplicaSettings {
  pollTimeoutMs: number;
  pingIntervalMs: number;
  pingTimeoutMs: number;
  /** Rate of the replica's protocol clock: 1 real time, 0 stands still, 0.1 ten times slower. */
  clockRate: number;
}

export type ReplicaLife = "starting" | "ready" | "draining";

export interface ReplicaStats {
  id: string;
  life: ReplicaLife;
  /** Parked polls, or open sockets. */
  held: number;
  /** Whether its subscription at the broker, and its store, answer. */
  broker: "up" | "down";
  store: "up" | "down";
  rssBytes: number;
  /** CPU time used since the process started, user + system. */
  cpuMs: number;
  /** Mean event-loop delay since the last call. */
  loopLagMs: number;
}

/**
 * A replica is configured by environment variables, as in production:
 * PATTERN, REPLICA_ID, HOST, PORT (0 = any), ADMIN_PORT (0 = any), REDIS_URL, DATABASE_URL,
 * SETTINGS (JSON of ReplicaSettings, may be partial), MOST_PARKED_POLLS, and ORIGINS (comma-separated
 * origins besides the local ones whose pages may be clients). Started with an IPC channel it says where it listens:
 */
export interface ReplicaReady {
  type: "ready";
  port: number;
  adminPort: number;
}
