/**
 * Starts one replica as a process of its own, configured by environment variables as in production
 * (shared/contracts/replica-admin.ts). It leaves politely on SIGTERM, and at once when the parent
 * that started it is gone.
 */
import { isPattern } from "../../shared/contracts/ids.ts";
import type { ReplicaReady } from "../../shared/contracts/replica-admin.ts";
import { Replica, type ReplicaOptions } from "./replica.ts";
import { defaultReplicaSettings, readSettings } from "./settings.ts";
import { systemClock } from "./system-clock.ts";

const DRAIN_WITHIN_MS = 5_000;

function leave(): void {
  process.exit(0);
}

function readOptions(env: NodeJS.ProcessEnv): ReplicaOptions {
  const { PATTERN: pattern, REDIS_URL: brokerUrl, DATABASE_URL: storeUrl } = env;
  if (!isPattern(pattern)) throw new Error("PATTERN must be long-polling or web-sockets.");
  if (!brokerUrl || !storeUrl) throw new Error("REDIS_URL and DATABASE_URL must be set.");
  return {
    pattern,
    id: env.REPLICA_ID ?? pattern,
    host: env.HOST ?? "127.0.0.1",
    port: Number(env.PORT ?? 0),
    adminPort: Number(env.ADMIN_PORT ?? 0),
    brokerUrl,
    storeUrl,
    origins: env.ORIGINS?.split(",") ?? [],
    mostParkedPolls: readCount(env.MOST_PARKED_POLLS ?? "32768"),
    settings: readSettings(JSON.parse(env.SETTINGS ?? "{}"), defaultReplicaSettings()),
    clock: systemClock,
    random: Math.random,
    onGone: leave,
  };
}

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`MOST_PARKED_POLLS must be a whole number, not ${text}.`);
}

const replica = new Replica(readOptions(process.env));
process.on("SIGTERM", () => void replica.drain(DRAIN_WITHIN_MS).then(leave));
process.on("SIGINT", () => undefined); // Ctrl-C reaches all processes; the parent decides.
process.on("disconnect", leave);
if (process.connected === false) leave(); // It went before we could listen.

const listening = await replica.start();
process.send?.({ type: "ready", ...listening } satisfies ReplicaReady);
