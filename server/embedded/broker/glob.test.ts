import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";

describe("Redis globs", () => {
  it.each([
    ["*", "", true],
    ["messages:*", "messages:lobby", true],
    ["messages:*", "message:lobby", false],
    ["h?llo", "hallo", true],
    ["h?llo", "hllo", false],
    ["h[ae]llo", "hello", true],
    ["h[^ae]llo", "hello", false],
    ["h[^ae]llo", "hillo", true],
    ["h[a-c]llo", "hbllo", true],
    ["h[c-a]llo", "hbllo", true],
    ["h[a\\]]llo", "h]llo", true],
    ["h\\*llo", "h*llo", true],
    ["h\\*llo", "hallo", false],
    ["a*b*c", "axxbyyc", true],
    ["a*b*c", "axxbyy", false],
    ["**a", "bba", true],
    ["[ab", "a", true],
    ["", "", true],
    ["", "a", false],
    ["a\\", "a\\", true],
  ])("BR9 %s and %s: %s", (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it("BR9 agrees with a plain definition of * and ?", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 12 });
    const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const regex = pattern.replaceAll(/\*+/g, ".*").replaceAll("?", ".");
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${regex}$`).test(text));
      }),
    );
  });

  it("BR9 takes no exponential time", () => {
    const startedMs = performance.now();
    expect(matchesGlob(`${"a*".repeat(30)}b`, "a".repeat(5_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
