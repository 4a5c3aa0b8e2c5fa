import { expect, it } from "vitest";
import { defaultSettings, type Settings } from "../../shared/contracts/settings.ts";
import { noEffectWords } from "./setting-words.ts";

it("PG21 sticky sessions say that they change nothing for plain WebSocket, and only then", () => {
  const over = (...transports: Settings["transports"]) =>
    noEffectWords("sticky", { ...defaultSettings(), transports });
  expect(over("websocket")).toMatch(/no effect/i);
  expect(over("polling", "websocket")).toBeNull();
  expect(over("polling")).toBeNull();
  expect(noEffectWords("catchUp", defaultSettings())).toBeNull();
});
