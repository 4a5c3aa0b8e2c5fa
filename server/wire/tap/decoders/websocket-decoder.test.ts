import { expect, it } from "vitest";
import { createByteBudget } from "../byte-budget.ts";
import { EngineIoDecoder } from "./engine-io-decoder.ts";
import { SocketMemory, WebSocketDecoder } from "./websocket-decoder.ts";

it("TG15 the label of a text ends at the name of a secret", () => {
  const text = '{"password":"abc"}';
  const bytes = Buffer.from([0x81, text.length, ...Buffer.from(text)]);
  const [unit] = new WebSocketDecoder({
    sender: "server",
    memory: new SocketMemory(),
    budget: createByteBudget(),
    engineIo: undefined,
  }).push(bytes);
  expect(unit?.hop?.label).toBe('“{"password":***”');
  const words = new EngineIoDecoder("target").describe(Buffer.from(`4${text}`), false, "client");
  expect(words?.label).toBe('“{"password":***”');
  expect(JSON.stringify(words)).not.toContain("abc");
});
