/** Does a fault to a running playground: by signals to its processes, and through its own API. */
import { setTimeout as wait } from "node:timers/promises";
import type { Pattern } from "../../shared/contracts/ids.ts";
import { Refused } from "../outside/built-playground.ts";
import type { Fault, FaultKind } from "./faults.ts";
import type { ChaosPlayground } from "./playground.ts";
import { familyOf } from "./process-family.ts";

type Act<K extends FaultKind> = (
  fault: Extract<Fault, { kind: K }>,
  playground: ChaosPlayground,
) => Promise<void>;

const ACTS: { [K in FaultKind]: Act<K> } = {
  "kill-replica": async ({ pattern, nth }, playground) =>
    toReplica(playground, pattern, nth, "kill"),
  "freeze-replica": async ({ pattern, nth, forMs }, playground) => {
    const id = await readyReplica(playground, pattern, nth);
    await playground.call("POST", `/api/replicas/${id}/freeze`);
    await wait(forMs);
    await playground.call("POST", `/api/replicas/${id}/thaw`);
  },
  "restart-replica": async ({ pattern, nth }, playground) =>
    toReplica(playground, pattern, nth, "restart"),
  scale: async ({ pattern, to }, playground) => {
    await playground.call("PUT", `/api/patterns/${pattern}/replicas`, { count: to });
  },
  kill: async ({ part }, playground) => {
    const killed = await playground.pidOf(part);
    process.kill(killed, "SIGKILL");
    await playground.pidOf(part, killed); // Another one: its death was seen, not only done.
  },
  stall: async ({ part, forMs }, playground) => {
    const family = await familyOf(await playground.pidOf(part));
    signalAll(family, "SIGSTOP");
    try {
      await wait(forMs);
    } finally {
      signalAll(family, "SIGCONT");
    }
  },
};

/**
 * Resolves once it was done, and (where it lasts) is over: "done", or why the API would not do it (all
 * of) now. Only another fault at the same time can be a reason.
 */
export async function act(fault: Fault, playground: ChaosPlayground): Promise<string> {
  const perform = ACTS[fault.kind] as Act<FaultKind>;
  try {
    await perform(fault, playground);
    return "done";
  } catch (error) {
    if (error instanceof Refused && NOT_NOW.includes(error.status)) return error.message;
    throw error;
  }
}

/** It is gone, or in another state: killed while frozen, say. */
const NOT_NOW = [404, 409];

async function toReplica(
  playground: ChaosPlayground,
  pattern: Pattern,
  nth: number,
  action: "kill" | "restart",
): Promise<void> {
  const id = await readyReplica(playground, pattern, nth);
  await playground.call("POST", `/api/replicas/${id}/${action}`);
}

/** Counted around: scaling may have left fewer than there were. */
async function readyReplica(
  playground: ChaosPlayground,
  pattern: Pattern,
  nth: number,
): Promise<string> {
  return playground.until(`a ${pattern} replica is ready`, async () => {
    const replicas = await playground.readyReplicas(pattern);
    return replicas[nth % replicas.length];
  });
}

/** One that has ended meanwhile needs no signal. */
function signalAll(pids: readonly number[], signal: "SIGSTOP" | "SIGCONT"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
