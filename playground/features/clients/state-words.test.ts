import { describe, expect, it } from "vitest";
import type { SeenClient } from "../../stores/clients-store.ts";
import { cardState } from "./state-words.ts";

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

describe("a client's state on its card", () => {
  it("runs on between two reports, and stops at the end of its wait", () => {
    expect(cardState(CLIENT, 54_000)).toMatchObject({ progress: "6 of 10 s", left: 0.4 });
    expect(cardState(CLIENT, 99_000)).toMatchObject({ progress: "10 of 10 s", left: 0 });
  });

  it("has no bar where it waits for nothing", () => {
    const { waitsMs: _none, ...connected } = { ...CLIENT, state: "connected" };
    expect(cardState(connected, 54_000)).toEqual({
      word: "connected",
      progress: "",
      left: null,
      isTroubled: false,
    });
  });

  it("says a failure in words", () => {
    expect(cardState({ ...CLIENT, state: "backing-off" }, 50_000)).toMatchObject({
      word: "backing off",
      isTroubled: true,
    });
  });
});
