import { describe, expect, it } from "vitest";
import { defaultSettings } from "../../shared/contracts/settings.ts";
import { NOTHING_ORDERED } from "../../shared/hold/hold-state.ts";
import type { Upstream } from "../wire/contract.ts";
import { throughTap, wireConfig } from "./topology.ts";

const upstream: Upstream = { replica: "lp-1", host: "127.0.0.1", port: 40_000, state: "ready" };

describe("topology", () => {
  it("CT10 each replica with tap ports gets a tap to broker and to store", () => {
    const config = wireConfig({
      host: "127.0.0.1",
      controlPort: 4000,
      settings: defaultSettings(),
      upstreams: (pattern) => (pattern === "long-polling" ? [upstream] : []),
      tapPorts: () => ({ broker: 20_001, store: 20_002 }),
      broker: { host: "b", port: 6379 },
      store: { host: "s", port: 5432 },
      target: undefined,
      hold: NOTHING_ORDERED,
      faults: [],
      hostNames: ["127.0.0.1", "localhost"],
    });
    const tap = { replica: "lp-1", pattern: "long-polling", host: "127.0.0.1" };
    expect(config.taps).toEqual([
      { ...tap, link: "broker", port: 20_001, target: { host: "b", port: 6379 } },
      { ...tap, link: "store", port: 20_002, target: { host: "s", port: 5432 } },
    ]);
    expect(config.balancers.map(({ pattern, port }) => `${pattern} ${port}`)).toEqual([
      "long-polling 4001",
      "web-sockets 4002",
    ]);
    expect(config.hosts).toContain("localhost:4002");
    expect(config.origins).toEqual(["http://127.0.0.1:4000", "http://localhost:4000"]);
  });

  it.each([
    ["redis://u:p%40ss@redis.example:6379/2", "redis://u:p%40ss@127.0.0.1:20001/2"],
    [
      "postgres://u:p@db/chat?application_name=x",
      "postgres://u:p@127.0.0.1:20001/chat?application_name=x",
    ],
    ["redis://localhost", "redis://127.0.0.1:20001"],
  ])("CT10 %s through a tap keeps all but the address", (url, tapped) => {
    expect(throughTap(url, 20_001)).toBe(tapped);
  });
});
