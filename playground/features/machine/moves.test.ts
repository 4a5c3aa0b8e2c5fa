import { describe, expect, it } from "vitest";
import type { ClientView } from "../../../shared/contracts/client-view.ts";
import { moveBetween } from "./moves.ts";

const BEFORE: ClientView = {
  id: "lp-client-1",
  pattern: "long-polling",
  room: "lobby",
  state: "polling",
  inStateMs: 2_000,
  waitsMs: 10_000,
  cursor: 3,
  updates: 2,
  idleAnswers: 5,
  requests: 8,
  messages: [],
};

describe("what a machine did between two reports", () => {
  it("MC2 is nothing where only time passed", () => {
    expect(moveBetween(BEFORE, { ...BEFORE, inStateMs: 2_500 })).toBeUndefined();
  });

  it("MC2 counts rounds back into the same state, and what came of them", () => {
    const after = { ...BEFORE, requests: 11, idleAnswers: 7, updates: 3 };
    expect(moveBetween(BEFORE, after)).toEqual({
      from: "polling",
      to: "polling",
      times: 3,
      words: "1 update, 2 empty answers",
    });
  });

  it("MC2 is the arrow from one state to the other, with the reason the client gives", () => {
    const after = {
      ...BEFORE,
      state: "backing-off",
      note: "connection refused; trying again in 0.3 s",
    };
    expect(moveBetween(BEFORE, after)).toEqual({
      from: "polling",
      to: "backing-off",
      times: 1,
      words: after.note,
    });
  });

  it("MC2 shows a pushed message as a round of the state that took it", () => {
    const open: ClientView = { ...BEFORE, pattern: "web-sockets", state: "connected" };
    expect(moveBetween(open, { ...open, updates: 3 })).toMatchObject({
      from: "connected",
      to: "connected",
      words: "1 update",
    });
  });
});
