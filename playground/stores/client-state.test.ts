import { describe, expect, it } from "vitest";
import { clientState } from "./client-state.ts";
import type { SeenClient } from "./clients-store.ts";

const CLIENT: SeenClient = {
  id: "lp-client-1",
  pattern: "long-polling",
  room: "lobby",
  state: "polling",
  inStateMs: 2_000,
  waitsMs: 10_000,
  cursor: 0,
  updates: 0,
  idleAnswers: 0,
  requests: 1,
  messages: [],
  seenAtMs: 50_000,
};

describe("a client's state", () => {
  it("runs on between two reports, and stops at the end of its wait", () => {
    expect(clientState(CLIENT, 54_000)).toMatchObject({ progress: "6 of 10 s", left: 0.4 });
    expect(clientState(CLIENT, 99_000)).toMatchObject({ progress: "10 of 10 s", left: 0 });
  });

  it("has no bar where it waits for nothing", () => {
    const { waitsMs: _none, ...connected } = { ...CLIENT, state: "connected" };
    expect(clientState(connected, 54_000)).toEqual({
      word: "connected",
      progress: "",
      left: null,
      isTroubled: false,
    });
  });

  it("says a failure in words", () => {
    expect(clientState({ ...CLIENT, state: "backing-off" }, 50_000)).toMatchObject({
      word: "backing off",
      isTroubled: true,
    });
  });
});
