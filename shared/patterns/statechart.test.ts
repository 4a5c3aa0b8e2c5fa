import { describe, expect, it } from "vitest";
import { PATTERNS } from "../contracts/ids.ts";
import { STATE_WORDS } from "./state-words.ts";
import { CLIENT_CHARTS } from "./statechart.ts";

const arrows = (pattern: keyof typeof CLIENT_CHARTS): string[] =>
  CLIENT_CHARTS[pattern].edges.map(
    ({ from, to, events }) => `${from} → ${to}: ${events.join(", ")}`,
  );

describe("the client machines' statecharts", () => {
  it("MC1 shows the long-polling client's states and arrows, read off its machine", () => {
    const { initial, states, ends } = CLIENT_CHARTS["long-polling"];
    expect(initial).toBe("polling");
    expect(states).toEqual([
      { name: "polling", stays: [] },
      { name: "pausing", stays: ["settings"] },
      { name: "backing-off", stays: [] },
    ]);
    expect(arrows("long-polling")).toEqual([
      "polling → pausing: answered [hasGap]",
      "polling → polling: answered, ahead [isNew]",
      "polling → backing-off: ahead, failed",
      "pausing → polling: waited",
      "backing-off → polling: waited",
    ]);
    expect(ends).toEqual([{ event: "stop", to: "stopped" }]);
  });

  it("MC1 shows the WebSockets client's states and arrows, read off its machine", () => {
    const { initial, states, ends } = CLIENT_CHARTS["web-sockets"];
    expect(initial).toBe("connecting");
    expect(states.map(({ name }) => name)).toEqual(["connecting", "connected", "reconnecting"]);
    expect(states[1]?.stays).toEqual(["caught up", "message", "reconnect soon"]);
    expect(arrows("web-sockets")).toEqual([
      "connecting → connected: connected",
      "connecting → reconnecting: refused, lost, ahead",
      "connecting → connecting: ahead [isNew], reconnect soon",
      "connected → reconnecting: lost",
      "connected → connecting: waited",
      "reconnecting → connecting: waited",
    ]);
    expect(ends).toEqual([{ event: "stop", to: "stopped" }]);
  });

  it.each(PATTERNS)(
    "MC1 %s: each state has a sentence, and no sentence is of another",
    (pattern) => {
      const { states, ends } = CLIENT_CHARTS[pattern];
      const names = [...states.map(({ name }) => name), ...ends.map(({ to }) => to)];
      expect(Object.keys(STATE_WORDS[pattern]).sort()).toEqual(names.sort());
    },
  );
});
