import { describe, expect, it } from "vitest";
import type { Replica, ReplicaState } from "../../../shared/contracts/control.ts";
import { offeredActions, stateWords } from "./replica-words.ts";

function replica(state: ReplicaState, more: Partial<Replica> = {}): Replica {
  return { id: "lp-1", state, restarts: 0, held: 0, ...more };
}

describe("a replica in words", () => {
  it("PG15 a failure has a cross and a word; waiting counts down", () => {
    expect(stateWords(replica("failed"), 0)).toBe("✕ failed");
    expect(stateWords(replica("restarting", { retryAt: 13_200 }), 10_000)).toBe(
      "✕ restarting in 4 s",
    );
    expect(stateWords(replica("restarting", { retryAt: 9_000 }), 10_000)).toBe("restarting");
    expect(stateWords(replica("frozen"), 0)).toBe("frozen");
    expect(stateWords(replica("ready"), 0)).toBeNull();
  });

  it.each([
    ["ready", ["kill", "freeze", "restart", "stop"]],
    ["frozen", ["thaw", "kill"]],
    ["draining", ["kill"]],
    ["stopped", ["restart"]],
    ["failed", ["restart"]],
  ] as const)("PG6 a replica that is %s can be asked to %s", (state, actions) => {
    expect(offeredActions(state).map(({ action }) => action)).toEqual(actions);
  });
});
