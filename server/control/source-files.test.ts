/** The source beside the diagram: what is shown, and that every light finds its lines. */
import { describe, expect, it } from "vitest";
import { PATTERNS } from "../../shared/contracts/ids.ts";
import { type CodePlace, linesOf } from "../../shared/patterns/code-place.ts";
import { PATTERN_GUIDES } from "../../shared/patterns/guide.ts";
import { LONG_POLLING_CODE } from "../../shared/patterns/long-polling/code.ts";
import { STORE_CODE } from "../../shared/patterns/store-code.ts";
import { WEB_SOCKETS_CODE } from "../../shared/patterns/web-sockets/code.ts";
import { listSource, readSource } from "./source-files.ts";

const PLACES: CodePlace[] = [LONG_POLLING_CODE, WEB_SOCKETS_CODE, STORE_CODE].flatMap((places) =>
  Object.values<CodePlace>(places),
);

describe("the source that is shown", () => {
  it("CD1 is the replicas' and the patterns' core, without their tests", async () => {
    const files = await listSource();
    for (const pattern of PATTERNS) expect(files).toContain(PATTERN_GUIDES[pattern].source);
    expect(files.filter((file) => /\.(test|suite)\.ts$|testing/.test(file))).toEqual([]);
  });

  it.each([
    "server/main.ts",
    "package.json",
    "../etc/passwd",
    "server/replica/../main.ts",
    "server/replica/rooms.test.ts",
    "",
  ])("CD1 %j is not among it", async (file) => {
    expect(await readSource(file)).toBeUndefined();
  });

  it.each(PLACES)("CD2 $member is found in $file", async ({ file, member }) => {
    const text = (await readSource(file)) ?? "";
    const lines = linesOf(text, member);
    const [signature = "", ...rest] = text.split("\n").slice((lines?.first ?? 1) - 1, lines?.last);
    expect(signature).toContain(`${member}(`);
    expect(rest.at(-1)).toMatch(/^ *\}$/);
    expect(rest.length).toBeLessThan(60);
  });

  it("CD2 a call, or a member that is not there, lights nothing", () => {
    expect(linesOf("  send(draft);\nfunction other() {\n}", "send")).toBeUndefined();
    expect(linesOf("function send() {", "send")).toBeUndefined();
  });
});
