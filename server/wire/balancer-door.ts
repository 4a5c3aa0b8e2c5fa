/** What the wire process wants of a balancer; `createBalancer` in balancer/ makes one. */
import type { ReplicaId } from "../../shared/contracts/ids.ts";
import type { BalancerConfig } from "./contract.ts";
import type { Recorder } from "./hop.ts";

export interface BalancerOptions {
  config: BalancerConfig;
  hosts: string[];
  origins: string[];
  recorder: Recorder;
}

export interface Balancer {
  /** Changes it in place: no connection is dropped for it. */
  configure(config: BalancerConfig, hosts: string[], origins: string[]): Promise<void>;
  close(): Promise<void>;
  /** Parked polls and open sockets at each replica. */
  held(): Record<ReplicaId, number>;
}

export type OpenBalancer = (options: BalancerOptions) => Promise<Balancer>;
