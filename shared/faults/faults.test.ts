import { describe, expect, it } from "vitest";
import { explainFault, type Fault, faultRefusal } from "./faults.ts";
import { crossingTest, type Ends, type FaultLink, isSelector } from "./link.ts";

const poll: Ends = { from: "client:lp-client-1", to: "replica:lp-1", pattern: "long-polling" };
const answer: Ends = { ...poll, from: poll.to, to: poll.from };
const publish: Ends = { from: "replica:lp-1", to: "broker", pattern: "long-polling" };

describe("links", () => {
  it.each([
    ["client:lp-client-1", "balancer:long-polling", [poll, answer]],
    ["balancer:*", "client:lp-client-*", [poll, answer]],
    ["balancer:long-polling", "replica:lp-1", [poll, answer]],
    ["client:*", "replica:lp-1", [poll, answer]],
    ["broker", "replica:*", [publish]],
    ["replica:lp-*", "broker", [publish]],
    ["client:lp-client-2", "balancer:long-polling", []],
    ["client:*", "balancer:web-sockets", []],
    ["replica:lp-2", "broker", []],
    ["replica:lp-1", "store", []],
  ] as const)("FT1 %s and %s: a hop is on each link whose ends it passes", (from, to, on) => {
    const crosses = crossingTest({ from, to }, "both");
    expect([poll, answer, publish].filter(crosses)).toEqual(on);
  });

  it("FT1 up is towards broker and store, down is back, whichever end is named first", () => {
    const link: FaultLink = { from: "replica:lp-1", to: "client:*" };
    expect([poll, answer].filter(crossingTest(link, "up"))).toEqual([poll]);
    expect([poll, answer].filter(crossingTest(link, "down"))).toEqual([answer]);
  });

  it.each(["client:", "replica:xx-1", "replica:lp-1x", "balancer:grpc", "broker:*", "*", "tap"])(
    "FT1 %s names nobody",
    (text) => expect(isSelector(text)).toBe(false),
  );
});

const broker: FaultLink = { from: "replica:lp-1", to: "broker" };
const polls: FaultLink = { from: "client:*", to: "balancer:long-polling" };

describe("words", () => {
  it.each([
    [
      { kind: "delay", link: broker, delayMs: 200, jitterMs: 50 },
      "Replica lp-1 ↔ broker: each hop 200 ± 50 ms late",
    ],
    [
      { kind: "cut", link: polls, how: "close", count: 3 },
      "All clients ↔ balancer of long polling: every connection is closed, the first 3",
    ],
    [
      { kind: "stall", link: { from: "store", to: "replica:*" }, direction: "down", forMs: 2_500 },
      "Message store → all replicas: nothing crosses, all waits, for 2.5 s",
    ],
    [{ kind: "drop", link: broker, every: 3 }, "Replica lp-1 ↔ broker: every 3rd push is lost"],
    [
      { kind: "drop", link: polls, nth: 2 },
      "All clients ↔ balancer of long polling: request or answer number 2 from here is lost, its connection closed",
    ],
    [
      { kind: "duplicate", link: { from: "client:ws-client-*", to: "balancer:web-sockets" } },
      "Clients ws-client-… ↔ balancer of WebSockets: each packet arrives twice",
    ],
    [{ kind: "stop", target: "store" }, "Message store: stopped"],
    [{ kind: "freeze", target: "replica:ws-2" }, "Replica ws-2: frozen"],
  ] as const satisfies [Fault, string][])("FT12 %o explains itself", (fault, words) => {
    expect(faultRefusal(fault)).toBeUndefined();
    expect(explainFault(fault)).toBe(words);
  });

  it.each([
    [{ kind: "stall", link: { from: "client:*", to: "broker" } }, /no link between/],
    [{ kind: "stall", link: { from: "replica:lp-1", to: "balancer:web-sockets" } }, /patterns/],
    [{ kind: "drop", link: { from: "replica:lp-1", to: "store" } }, /SQL/],
    [{ kind: "duplicate", link: broker, direction: "up" }, /commands are answered in order/],
    [{ kind: "duplicate", link: polls }, /one answer/],
    [{ kind: "drop", link: broker, every: 2, nth: 2 }, /not both/],
    [{ kind: "cut", link: { from: "client:*", to: "replica:lp-1" } }, /No connection joins/],
    [{ kind: "cut", link: broker, direction: "up" }, /both directions/],
  ] as const satisfies [Fault, RegExp][])("FT5 %o cannot be, in words", (fault, words) => {
    expect(faultRefusal(fault)).toMatch(words);
  });
});
