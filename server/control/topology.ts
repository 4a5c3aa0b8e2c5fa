/** The wire as it should be, from what the control plane knows. Pure; the wire makes it so. */
import { PATTERNS, type Pattern, type ReplicaId } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import type { HoldOrder } from "../../shared/hold/hold-state.ts";
import type { TapConfig, Upstream, WireConfig } from "../wire/contract.ts";
import { TAP_HOST, type TapPorts } from "./tap-ports.ts";

export interface Address {
  host: string;
  port: number;
}

/** Balancer of each pattern: the control port + 1, + 2. */
const PORT_STEP = { "long-polling": 1, "web-sockets": 2 } as const satisfies Record<
  Pattern,
  number
>;

export function balancerPort(controlPort: number, pattern: Pattern): number {
  return controlPort + PORT_STEP[pattern];
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
  hold: HoldOrder;
}

export function wireConfig(topology: Topology): WireConfig {
  const { host, controlPort, settings, hostNames, hold } = topology;
  const { balancing, sticky } = settings;
  return {
    balancers: PATTERNS.map((pattern) => {
      const port = balancerPort(controlPort, pattern);
      return { pattern, host, port, balancing, sticky, upstreams: topology.upstreams(pattern) };
    }),
    taps: PATTERNS.flatMap((pattern) => tapsOf(topology, pattern)),
    hosts: PATTERNS.flatMap((pattern) =>
      hostNames.map((name) => `${name}:${balancerPort(controlPort, pattern)}`),
    ),
    origins: hostNames.map((name) => `http://${name}:${controlPort}`),
    hold,
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
