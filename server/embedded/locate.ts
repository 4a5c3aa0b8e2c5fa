/**
 * Which broker and which message store to use.
 *
 *   broker: REDIS_URL · else redis-server or valkey-server on PATH · else the embedded one
 *   store:  DATABASE_URL · else the embedded Postgres, kept in the data folder
 *
 * It decides and names; parts do the running. Bad addresses are refused before anything starts.
 */
import type { Clock } from "../../shared/clock.ts";
import type { BrokerKind, PartPlan, PartReports, StoreKind } from "./part.ts";

export interface LocateOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The data folder, owned (see data-folder.ts). */
  dataDir: string;
  clock: Clock;
  /** 0 … 1, for the choice of a port. */
  random(): number;
  reports: PartReports;
}

/** Throws a PartError for an address that cannot be used. */
export function locateBroker(_options: LocateOptions): PartPlan<BrokerKind> {
  throw new Error("not yet");
}

/** Throws a PartError for an address that cannot be used. */
export function locateStore(_options: LocateOptions): PartPlan<StoreKind> {
  throw new Error("not yet");
}
