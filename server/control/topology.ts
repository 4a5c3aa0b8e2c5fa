/** The wire as it should be, from what the control plane knows. Pure; the wire makes it so. */
import { PATTERNS, type Pattern, type ReplicaId, type Side } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import type { FaultOrder } from "../../shared/faults/fault-state.ts";
import type { HoldOrder } from "../../shared/hold/hold-state.ts";
import type { TapConfig, Upstream, WireConfig } from "../wire/contract.ts";
import { isLoopback, urlHost } from "./access.ts";
import { TAP_HOST, type TapPorts } from "./tap-ports.ts";

export interface Address {
  host: string;
  port: number;
}

/** Balancer of each side: the control port + 1, + 2, + 3; behind them the tap for the target's Redis. */
const PORT_STEP = { "long-polling": 1, "web-sockets": 2, target: 3 } as const satisfies Record<
  Side,
  number
>;
export const TARGET_TAP_STEP = 4;

export function balancerPort(controlPort: number, side: Side): number {
  return controlPort + PORT_STEP[side];
}

/** For whoever is on this machine, or comes from where it listens. */
export function balancerUrl(host: string, controlPort: number, side: Side): string {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere || isLoopback(host) ? "127.0.0.1" : urlHost(host);
  return `http://${name}:${balancerPort(controlPort, side)}`;
}

/** So many ports in a row are needed, from the control port on. */
export function portsNeeded(hasTarget: boolean): number {
  return 1 + (hasTarget ? TARGET_TAP_STEP : PATTERNS.length);
}

export interface Topology {
  host: string;
  controlPort: number;
  settings: Settings;
  upstreams(pattern: Pattern): Upstream[];
  tapPorts(replica: ReplicaId): TapPorts | undefined;
  broker: Address;
  store: Address;
  /** Names under which this machine is known, without port. */
  hostNames: readonly string[];
  /** What stands in front of the server given with `--target`, if one was. */
  target: Pick<WireConfig, "balancers" | "taps"> | undefined;
  hold: HoldOrder;
  faults: FaultOrder[];
}

export function wireConfig(topology: Topology): WireConfig {
  const { host, controlPort, settings, hostNames, hold, faults } = topology;
  const { balancing, sticky, upgrades } = settings;
  return {
    balancers: [
      ...PATTERNS.map((pattern) => {
        const port = balancerPort(controlPort, pattern);
        const refuses = pattern === "web-sockets" && !upgrades;
        const upstreams = topology.upstreams(pattern);
        return {
          pattern,
          host,
          port,
          balancing,
          sticky,
          upstreams,
          ...(refuses && { upgrades: "refused" as const }),
        };
      }),
      ...(topology.target?.balancers ?? []),
    ],
    taps: [
      ...PATTERNS.flatMap((pattern) => tapsOf(topology, pattern)),
      ...(topology.target?.taps ?? []),
    ],
    hosts: PATTERNS.flatMap((pattern) =>
      hostNames.map((name) => `${name}:${balancerPort(controlPort, pattern)}`),
    ),
    origins: hostNames.map((name) => `http://${name}:${controlPort}`),
    hold,
    faults,
  };
}

function tapsOf({ upstreams, tapPorts, broker, store }: Topology, pattern: Pattern): TapConfig[] {
  return upstreams(pattern).flatMap(({ replica }): TapConfig[] => {
    const ports = tapPorts(replica);
    if (ports === undefined) return [];
    const tap = { replica, pattern, host: TAP_HOST };
    return [
      {
        ...tap,
        link: "broker",
        port: ports.broker,
        target: { host: broker.host, port: broker.port },
      },
      { ...tap, link: "store", port: ports.store, target: { host: store.host, port: store.port } },
    ];
  });
}

/** The same URL, reached through a tap: user, password and database stay. */
export function throughTap(url: string, port: number): string {
  const tapped = new URL(url);
  tapped.hostname = TAP_HOST;
  tapped.port = String(port);
  return tapped.href;
}
