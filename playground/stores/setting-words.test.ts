import { expect, it } from "vitest";
import { defaultSettings, type Settings } from "../../shared/contracts/settings.ts";
import { consequenceWords, noEffectWords } from "./setting-words.ts";

it("PG21 sticky sessions say that they change nothing for plain WebSocket, and only then", () => {
  const over = (...transports: Settings["transports"]) =>
    noEffectWords("sticky", { ...defaultSettings(), transports });
  expect(over("websocket")).toMatch(/no effect/i);
  expect(over("polling", "websocket")).toBeNull();
  expect(over("polling")).toBeNull();
  expect(noEffectWords("catchUp", defaultSettings())).toBeNull();
});

it.each([
  [{ pollCursor: false }, /duplicates/],
  [{ pollGapMs: 2_000 }, /up to 2 s/],
  [{ sticky: false, transports: ["polling"] }, /Session ID unknown/],
  [{ catchUp: false }, /lost/],
  [{ upgrades: false }, /Nobody can connect/],
  [{ upgrades: false, transports: ["polling", "websocket"] }, /stay on polling/],
  [{ adapter: false }, /hear nothing/],
] as const)("FT17 %o says what comes of it, and nothing once it is back", (change, words) => {
  const [key] = Object.keys(change) as [keyof Settings];
  expect(consequenceWords(key, { ...defaultSettings(), ...change } as Settings)).toMatch(words);
  expect(consequenceWords(key, defaultSettings())).toBeNull();
});
