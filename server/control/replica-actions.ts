/** What a person may do to a replica, and in which states it makes sense. */
import type { Marker, ReplicaState } from "../../shared/contracts/control.ts";
import { Refusal } from "./refusal.ts";
import type { Replica } from "./replica.ts";

export const REPLICA_ACTIONS = ["kill", "stop", "freeze", "thaw", "restart"] as const;
export type ReplicaAction = (typeof REPLICA_ACTIONS)[number];

interface ActionRow {
  /** As in "lp-1 is killed." */
  words: string;
  tone: Marker["tone"];
  from: readonly ReplicaState[];
  explain: string;
}

const ALIVE = ["starting", "ready", "draining", "frozen"] as const;
const NOT_DRAINING = ["starting", "ready", "frozen", "restarting", "failed"] as const;

export const ACTIONS = {
  kill: {
    words: "is killed",
    tone: "bad",
    from: ALIVE,
    explain: "SIGKILL: it ends at once and says nothing to anybody.",
  },
  stop: {
    words: "drains and stops",
    tone: "warn",
    from: NOT_DRAINING,
    explain: "It takes no new work, finishes what it has, ends and stays stopped.",
  },
  freeze: {
    words: "is frozen",
    tone: "warn",
    from: ["ready"],
    explain: "SIGSTOP: it keeps its connections and does nothing.",
  },
  thaw: {
    words: "is thawed",
    tone: "info",
    from: ["frozen"],
    explain: "SIGCONT: it goes on where it was frozen.",
  },
  restart: {
    words: "drains and starts anew",
    tone: "warn",
    from: [...NOT_DRAINING, "stopped"],
    explain: "It drains, ends, and starts anew under the same id.",
  },
} as const satisfies Record<ReplicaAction, ActionRow>;

/** Refuses, in plain words, what makes no sense now. */
export function assertCan(replica: Replica, action: ReplicaAction): void {
  const from: readonly ReplicaState[] = ACTIONS[action].from;
  if (!from.includes(replica.state)) {
    const words = `${replica.id} is ${replica.state}: “${action}” is for one that is ${from.join(", ")}.`;
    throw new Refusal(409, "conflict", words);
  }
  if (process.platform === "win32" && (action === "freeze" || action === "thaw")) {
    throw new Refusal(501, "cannot-freeze", "This system cannot freeze a process.");
  }
}

export function perform(
  replica: Replica,
  action: ReplicaAction,
  deadlineMs: number,
): Promise<void> {
  switch (action) {
    case "kill":
      return replica.kill();
    case "stop":
      return replica.drain(deadlineMs);
    case "restart":
      return replica.restart(deadlineMs);
    case "freeze":
      return replica.freeze();
    case "thaw":
      return replica.thaw();
    default:
      return action satisfies never;
  }
}
