/**
 * Which broker and which message store to use (docs/spec/broker.md BR18…, store.md ST10…).
 *
 *   broker: REDIS_URL · else redis-server or valkey-server on PATH · else the embedded one
 *   store:  DATABASE_URL · else the embedded Postgres, kept in the data folder
 *
 * PLAYGROUND_BROKER=embedded|redis takes the choice of a broker of ours away. It decides and
 * names; parts do the running. Bad addresses are refused before anything starts.
 */
import type { Clock } from "../../shared/clock.ts";
import { startEmbeddedBroker } from "./broker/embedded-broker.ts";
import { findLocalRedis, type LocalRedis, startLocalRedis } from "./broker/local-redis.ts";
import { readDatabaseUrl, readRedisUrl } from "./given-address.ts";
import {
  type BrokerKind,
  type Part,
  PartError,
  type PartPlan,
  type PartReports,
  type StoreKind,
} from "./part.ts";
import { ProbedPart } from "./probed-part.ts";
import { probePostgres, probeRedis } from "./probes.ts";
import { startEmbeddedStore } from "./store/embedded-store.ts";

export interface LocateOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The data folder, owned (see data-folder.ts). */
  dataDir: string;
  clock: Clock;
  /** 0 … 1, for the choice of a port. */
  random(): number;
  reports: PartReports;
}

/** Rejects with a PartError for an address or a choice that cannot be used. */
export async function locateBroker(options: LocateOptions): Promise<PartPlan<BrokerKind>> {
  const { env, clock, reports } = options;
  const choice = env.PLAYGROUND_BROKER;
  if (choice && choice !== "embedded" && choice !== "redis") {
    throw new PartError(`PLAYGROUND_BROKER must be embedded or redis, not ${choice}.`);
  }
  if (env.REDIS_URL && choice !== "embedded") {
    const address = readRedisUrl(env.REDIS_URL);
    const name = `Redis at ${address.publicUrl}`;
    const probe = () => probeRedis(address.url);
    const part = new ProbedPart({ kind: "redis", name, address, probe, clock, reports });
    return { kind: "redis", start: () => started(part) };
  }
  const local = choice === "embedded" ? undefined : await findLocalRedis(env);
  if (local) return { kind: "redis", start: () => startFound(local, choice, options) };
  if (choice === "redis") {
    throw new PartError("PLAYGROUND_BROKER=redis, but there is no redis-server on PATH.");
  }
  return { kind: "embedded", start: () => startEmbeddedBroker(options) };
}

/** One that was found but does not start (confined, broken) is passed over, unless asked for. */
async function startFound(
  local: LocalRedis,
  choice: string | undefined,
  options: LocateOptions,
): Promise<Part<BrokerKind>> {
  try {
    return await startLocalRedis(local, options);
  } catch (problem) {
    if (choice === "redis" || !(problem instanceof PartError)) throw problem;
    options.reports.progress(`${problem.message}. Using the embedded broker instead.`);
    return startEmbeddedBroker(options);
  }
}

/** Rejects with a PartError for an address that cannot be used. */
export async function locateStore(options: LocateOptions): Promise<PartPlan<StoreKind>> {
  const { env, clock, reports } = options;
  if (!env.DATABASE_URL) return { kind: "embedded", start: () => startEmbeddedStore(options) };
  const address = readDatabaseUrl(env.DATABASE_URL);
  const name = `Postgres at ${address.publicUrl}`;
  const probe = () => probePostgres(address.url);
  const part = new ProbedPart({ kind: "postgres", name, address, probe, clock, reports });
  return { kind: "postgres", start: () => started(part) };
}

async function started<Kind extends string>(part: ProbedPart<Kind>): Promise<Part<Kind>> {
  await part.start();
  return part;
}
