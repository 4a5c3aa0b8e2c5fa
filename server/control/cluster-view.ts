/** The cluster as it is shown: health, processes, replicas and the target, in one snapshot. Changes nothing. */
import type { Cluster, Fleet, Health, Snapshot } from "../../shared/contracts/control.ts";
import {
  PATTERNS,
  type Pattern,
  type ReplicaId,
  type Side,
  TARGET,
  TARGET_REPLICA,
} from "../../shared/contracts/ids.ts";
import type { FleetLink } from "./fleet-link.ts";
import { healthOf } from "./health.ts";
import type { Replicas } from "./replicas.ts";
import type { Parts } from "./running-part.ts";
import type { SettingsInForce } from "./settings.ts";
import type { WatchedTarget } from "./target/watched-target.ts";
import type { WireLink } from "./wire-link.ts";

export interface ClusterViewOptions {
  version: string;
  parts: Parts;
  wire: WireLink;
  fleet: FleetLink;
  replicas: Replicas;
  settings: SettingsInForce;
  target: WatchedTarget | undefined;
  /** Ms since the epoch. */
  startedAt: number;
  /** Of a balancer. */
  url(side: Side): string;
  /** Parked polls or open sockets at a replica. */
  held(id: ReplicaId): number;
  /** What people want. */
  wishes(): { welcomed: boolean; fleet: Fleet; load: Record<Pattern, number> };
}

export class ClusterView {
  readonly #options: ClusterViewOptions;

  constructor(options: ClusterViewOptions) {
    this.#options = options;
  }

  /** The target is not ours: it is no part of our health. */
  health(): Health {
    const { version, parts, wire, fleet } = this.#options;
    const replicas = PATTERNS.flatMap((pattern) => this.#replicas(pattern));
    return healthOf(version, parts, [wire.state, fleet.state], replicas);
  }

  cluster(): Cluster {
    const { url, wire, fleet, target, held, wishes } = this.#options;
    const of = (pattern: Pattern) => ({ url: url(pattern), replicas: this.#replicas(pattern) });
    return {
      patterns: {
        "long-polling": of("long-polling"),
        "web-sockets": of("web-sockets"),
        ...(target && { [TARGET]: target.view(held(TARGET_REPLICA)) }),
      },
      welcomed: wishes().welcomed,
      wire: wire.process,
      fleet: fleet.process,
    };
  }

  snapshot(): Snapshot {
    const { settings, startedAt, wishes } = this.#options;
    const { fleet, load } = wishes();
    return {
      startedAt,
      health: this.health(),
      cluster: this.cluster(),
      settings: settings.current,
      fleet: { ...fleet },
      load: { ...load },
    };
  }

  #replicas(pattern: Pattern) {
    return this.#options.replicas.views(pattern, this.#options.held);
  }
}
