import { expect, it } from "vitest";
import { shorten } from "./chat-words.ts";
import { describeRequest } from "./http-decoder.ts";
import { readTarget } from "./http-target.ts";

it("TAP10 shortens between characters, never within one", () => {
  expect(shorten("lunch 🍕🍕", 8)).toBe("lunch …");
  expect(shorten("lunch 🍕🍕", 9)).toBe("lunch 🍕…");
  expect(shorten("lunch 🍕🍕", 10)).toBe("lunch 🍕🍕");
});

it("TAP10 shortens the label of a request whatever its path", () => {
  const url = `/${"x".repeat(5_000)}?EIO=4&transport=polling`;
  const { label } = describeRequest("GET", url, readTarget(url), undefined);
  expect(label.length).toBeLessThan(50);
});
