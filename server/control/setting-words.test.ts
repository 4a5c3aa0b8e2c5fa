import { expect, it } from "vitest";
import { defaultSettings, type Settings } from "../../shared/contracts/settings.ts";
import { settingChange } from "./setting-words.ts";

it.each<[Partial<Settings>, string]>([
  [{ pollTimeoutMs: 10_000 }, "Poll timeout: 25 s → 10 s"],
  [{ pollGapMs: 250 }, "Poll gap: 0 ms → 250 ms"],
  [{ sticky: false }, "Sticky: on → off"],
  [{ balancing: "least-connections" }, "Balancing: round-robin → least-connections"],
  [{ transports: ["polling", "websocket"] }, "Transports: websocket → polling, then websocket"],
])("CT31 %j is told as “%s”", (patch, words) => {
  const [key] = Object.keys(patch) as [keyof Settings];
  const before = defaultSettings();
  expect(settingChange(key, before, { ...before, ...patch })).toBe(words);
});
