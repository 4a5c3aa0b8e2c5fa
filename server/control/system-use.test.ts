/** What Linux tells of a process, beside what the process says of itself. */
import { expect, it } from "vitest";
import { readUse } from "./system-use.ts";

it.runIf(process.platform === "linux")("ME20 is what the process itself would say", async () => {
  const { user, system } = process.cpuUsage();
  const use = await readUse(process.pid);
  // It is told in hundredths of a second, and goes on meanwhile.
  expect(use?.cpuMs).toBeGreaterThan((user + system) / 1_000 - 30);
  const ownBytes = process.memoryUsage.rss();
  expect(use?.rssBytes).toBeGreaterThan(ownBytes * 0.7);
  expect(use?.rssBytes).toBeLessThan(ownBytes * 1.5);
});

it("ME20 of a process that is not there nothing is known", async () => {
  expect(await readUse(2 ** 30)).toBeUndefined();
});
