/** A balancer whose time a test tells. */
import type { Server } from "node:net";
import type { BalancerConfig } from "../../contract.ts";
import { Scribe } from "../../testing/scribe.ts";
import type { BalancerOptions } from "../balancer.ts";
import { type Rig, startBalancer } from "./start-balancer.ts";

export interface ToldTime {
  rig: Rig;
  /** So much time goes by, and the balancer looks for what has waited too long. */
  pass(ms: number): void;
}

export async function startToldTime(
  servers: Record<string, Server>,
  options: Partial<BalancerOptions> = {},
  changes: Partial<BalancerConfig> = {},
): Promise<ToldTime> {
  const wake: (() => void)[] = [];
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    after: (_ms: number, then: () => void) => {
      wake.push(then);
      return { cancel: () => undefined };
    },
  };
  const log = new Scribe();
  const recorder = { now: () => nowMs, record: log.record.bind(log) };
  const rig = await startBalancer(servers, changes, { clock, recorder, ...options });
  return {
    rig: { ...rig, log, hops: (kind) => log.hops.filter((hop) => hop.kind === kind) },
    pass: (ms) => {
      nowMs += ms;
      wake.pop()?.();
    },
  };
}
