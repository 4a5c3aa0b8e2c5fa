/** A balancer on a free port in front of given servers, with everything it reports. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Server as TcpServer } from "node:net";
import type { BalancerConfig, Upstream } from "../../contract.ts";
import type { Hop } from "../../hop.ts";
import { type Noted, Scribe } from "../../testing/scribe.ts";
import { type Balancer, type BalancerOptions, createBalancer } from "../balancer.ts";

export function portOf(server: TcpServer): number {
  return (server.address() as AddressInfo).port;
}

export async function listen<S extends TcpServer>(server: S): Promise<S> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Replicas by id, each with what answers its requests. */
export async function startReplicas(
  listeners: Record<string, RequestListener>,
): Promise<Record<string, Server>> {
  const servers: Record<string, Server> = {};
  for (const [id, listener] of Object.entries(listeners)) {
    servers[id] = await listen(createServer({ keepAliveTimeout: 75_000 }, listener));
  }
  return servers;
}

export function upstreamsOf(servers: Record<string, TcpServer>): Upstream[] {
  return Object.entries(servers).map(([replica, server]) => ({
    replica,
    host: "127.0.0.1",
    port: portOf(server),
    state: "ready",
  }));
}

export interface Rig {
  balancer: Balancer;
  log: Scribe;
  port: number;
  host: string;
  config: BalancerConfig;
  /** Same hosts and origins, other settings. */
  configure(changes: Partial<BalancerConfig>): Promise<void>;
  hops(kind: Hop["kind"]): Noted[];
  close(): Promise<void>;
}

export async function startBalancer(
  servers: Record<string, TcpServer>,
  changes: Partial<BalancerConfig> = {},
  options: Partial<BalancerOptions> = {},
): Promise<Rig> {
  const log = new Scribe();
  let config: BalancerConfig = {
    pattern: "long-polling",
    host: "127.0.0.1",
    port: 0,
    balancing: "round-robin",
    sticky: true,
    upstreams: upstreamsOf(servers),
    ...changes,
  };
  const hosts: string[] = [];
  const origins = ["http://playground.test:4000"];
  const balancer = await createBalancer({ config, hosts, origins, recorder: log, ...options });
  const host = `127.0.0.1:${balancer.port}`;
  await balancer.configure(config, [host, `localhost:${balancer.port}`], origins);
  return {
    balancer,
    log,
    port: balancer.port,
    host,
    config,
    configure: (next) => {
      config = { ...config, ...next };
      return balancer.configure(config, [host], origins);
    },
    hops: (kind) => log.hops.filter((hop) => hop.kind === kind),
    close: async () => {
      await balancer.close();
      for (const server of Object.values(servers)) {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          if ("closeAllConnections" in server) (server as Server).closeAllConnections();
        });
      }
    },
  };
}
