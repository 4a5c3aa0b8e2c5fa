/** A replica's state as the strip says it: a word, a mark, and what may be done to it. */
import type { Replica, ReplicaState } from "../../../shared/contracts/control.ts";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { ReplicaAction } from "../../stores/commands.ts";
import { shortNumber } from "../../ui/numbers.ts";

/** `null` where the plain counts say enough. */
export function stateWords(replica: Replica, nowMs: number): string | null {
  switch (replica.state) {
    case "ready":
      return null;
    case "starting":
      return "starting";
    case "draining":
      return "draining";
    case "frozen":
      return "frozen";
    case "restarting":
      return restartWords(replica.retryAt, nowMs);
    case "stopped":
      return "stopped";
    case "failed":
      return "✕ failed";
    default:
      return replica.state satisfies never;
  }
}

function restartWords(retryAt: number | undefined, nowMs: number): string {
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - nowMs) / 1_000);
  return seconds > 0 ? `✕ restarting in ${seconds} s` : "restarting";
}

export function countWords(pattern: Pattern, replica: Replica): string {
  const sockets = replica.held === 1 ? "socket" : "sockets";
  const held = `${shortNumber(replica.held)} ${pattern === "long-polling" ? "parked" : sockets}`;
  return replica.cpuPercent === undefined ? held : `${held} · ${Math.round(replica.cpuPercent)}%`;
}

export interface OfferedAction {
  action: ReplicaAction;
  label: string;
  explain: string;
}

const KILL: OfferedAction = {
  action: "kill",
  label: "Kill",
  explain: "SIGKILL: its connections break at once",
};
const FREEZE: OfferedAction = {
  action: "freeze",
  label: "Freeze",
  explain: "SIGSTOP: it stands still, connections stay",
};
const THAW: OfferedAction = { action: "thaw", label: "Thaw", explain: "SIGCONT: it runs again" };
const RESTART: OfferedAction = {
  action: "restart",
  label: "Restart",
  explain: "drains it, then starts it anew",
};
const START: OfferedAction = { action: "restart", label: "Start", explain: "starts it anew" };
const STOP: OfferedAction = { action: "stop", label: "Stop", explain: "drains it, then ends it" };

export function offeredActions(state: ReplicaState): readonly OfferedAction[] {
  switch (state) {
    case "ready":
      return [KILL, FREEZE, RESTART, STOP];
    case "frozen":
      return [THAW, KILL];
    case "starting":
    case "draining":
      return [KILL];
    case "restarting":
    case "stopped":
    case "failed":
      return [START];
    default:
      return state satisfies never;
  }
}
