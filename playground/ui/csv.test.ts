import fc from "fast-check";
import { expect, it } from "vitest";
import { csvOf } from "./csv.ts";

it("RC15 quotes what has a comma, a quote or a line break", () => {
  expect(csvOf([["a", "1,204", 'say "x"', "two\nlines"]])).toBe(
    'a,"1,204","say ""x""","two\nlines"\r\n',
  );
});

it("RC15 no cell begins a formula, whatever it holds", () => {
  fc.assert(
    fc.property(fc.constantFrom("=", "+", "-", "@", "\t", "\r"), fc.string(), (first, rest) => {
      expect(csvOf([[first + rest]])).toMatch(/^"?'/);
    }),
  );
});
