/** Whether `npm run prove` still finds what it takes out, and the tests that must notice. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROTECTIONS } from "./protections.mjs";

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

describe("the protections", () => {
  it.each(PROTECTIONS)("PT1 $rule: $name", ({ file, find, without, rule, test }) => {
    expect(read(file).split(find).length - 1).toBe(1);
    expect(without).not.toBe(find);
    const titles = read(test.replace("long-polling.test.ts", "long-polling.suite.ts"));
    expect(titles).toMatch(new RegExp(`(it|each\\([^]*?\\))\\(\\s*"([A-Z]{2}\\d+ )*${rule}`));
  });
});
