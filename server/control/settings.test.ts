import { describe, expect, it } from "vitest";
import { defaultSettings } from "../../shared/contracts/settings.ts";
import { SettingsInForce, settingsPatchSchema } from "./settings.ts";

describe("settings in force", () => {
  it("CT16 the defaults are valid, each alone and all together", () => {
    expect(settingsPatchSchema.parse(defaultSettings())).toEqual(defaultSettings());
    for (const [key, value] of Object.entries(defaultSettings())) {
      expect(settingsPatchSchema.parse({ [key]: value })).toEqual({ [key]: value });
    }
  });

  it("CT16 tells what really changed", () => {
    const settings = new SettingsInForce();
    expect(settings.change({ pollTimeoutMs: 25_000, transports: ["websocket"] })).toEqual([]);
    expect(settings.change({ pollTimeoutMs: 100, sticky: true })).toEqual(["pollTimeoutMs"]);
    expect(settings.current.pollTimeoutMs).toBe(100);
  });

  it("CT16 replicas have something to apply only when theirs changed", () => {
    const settings = new SettingsInForce();
    const before = settings.replica;
    settings.change({ pollGapMs: 5, sticky: false, catchUp: false });
    expect(settings.replica).toBe(before);
    settings.change({ pollTimeoutMs: 100 });
    expect(settings.replica).toEqual({ ...before, pollTimeoutMs: 100 });
  });

  it("CT16 sockets connect anew only for what a connection is made with", () => {
    const settings = new SettingsInForce();
    settings.change({ pollTimeoutMs: 100, catchUp: false });
    expect(settings.generation).toBe(0);
    settings.change({ transports: ["polling"] });
    settings.change({ pingIntervalMs: 1_000, pingTimeoutMs: 1_000 });
    expect(settings.generation).toBe(2);
  });
});
