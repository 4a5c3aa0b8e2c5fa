/**
 * Where a replica is in its life; each state carries only what exists in it.
 *
 *   stopped ──start──► starting ──► ready ◄──thaw/freeze──► frozen
 *      ▲                  │           │  drain
 *      └──────────────────┼───────────┴──► draining ──► stopped
 *   any run that ends by itself ──► restarting (back-off) ──► starting, or failed (autoRestart off)
 */
import type { Timer } from "../../shared/clock.ts";
import type { ReplicaReady } from "../../shared/contracts/replica-admin.ts";
import type { Upstream } from "../wire/contract.ts";
import type { ChildRun } from "./child-run.ts";
import type { ThawGuard } from "./thaw-guard.ts";

export type Run = ChildRun<ReplicaReady>;

interface Listening {
  run: Run;
  port: number;
  adminPort: number;
}

export type Life =
  | { state: "stopped" }
  | { state: "starting"; run: Run }
  | ({ state: "ready" } & Listening)
  | ({ state: "draining" } & Listening)
  | ({ state: "frozen"; guard: ThawGuard } & Listening)
  | { state: "restarting"; note: string; retryAt: number; timer: Timer }
  | { state: "failed"; note: string };

export function runOf(life: Life): Run | undefined {
  return "run" in life ? life.run : undefined;
}

/**
 * What the balancer may send there. A frozen replica gets nothing new but keeps its connections:
 * that is what a stopped process does to its clients, and thawing lets them go on.
 */
export function rotationOf(life: Life, isAnswering: boolean): Upstream["state"] {
  switch (life.state) {
    case "ready":
      return isAnswering ? "ready" : "draining";
    case "draining":
    case "frozen":
      return "draining";
    case "stopped":
    case "starting":
    case "restarting":
    case "failed":
      return "out";
    default:
      return life satisfies never;
  }
}
