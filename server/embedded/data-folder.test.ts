import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DataFolder, DataFolderInUse, openDataFolder } from "./data-folder.ts";
import { PartError } from "./part.ts";
import { startMark } from "./process-facts.ts";
import { temporaryFolder } from "./testing/fixture.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("data folder", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const lock = (owner: object) =>
    writeFileSync(join(folder.dir, "owner.json"), JSON.stringify({ token: "other", ...owner }));

  it("ST1 is made where it is not, and owned until released", async () => {
    const dir = join(folder.dir, "deep", "data");
    const first = await openDataFolder(dir, NOW);
    expect(first).toMatchObject({ dir, takenOver: false });
    const second = openDataFolder(dir, NOW);
    await expect(second).rejects.toThrow(DataFolderInUse);
    await expect(second).rejects.toThrow(
      `The data folder ${dir} is in use by process ${process.pid}, since 2026-03-01T12:00:00.000Z. Stop that one, or choose another folder with --data.`,
    );
    await first.release();
    await first.release();
    const third = await openDataFolder(dir, NOW);
    await first.release(); // no longer its to give up
    await expect(openDataFolder(dir, NOW)).rejects.toThrow(DataFolderInUse);
    await third.release();
    expect(existsSync(join(dir, "owner.json"))).toBe(false);
  });

  it("ST2 a dead owner is followed", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    const mark = await startMark(child.pid ?? 0);
    await once(child, "exit");
    lock({ pid: child.pid, startMark: mark, since: NOW.toISOString() });
    expect(await openDataFolder(folder.dir, NOW)).toMatchObject({ takenOver: true });
  });

  it("ST2 a pid that is some other process by now counts as dead", async () => {
    lock({ pid: process.pid, startMark: "before the last boot", since: NOW.toISOString() });
    expect(await openDataFolder(folder.dir, NOW)).toMatchObject({ takenOver: true });
  });

  it("ST1 an owner whose start is not known is believed", async () => {
    lock({ pid: process.pid, since: NOW.toISOString() });
    await expect(openDataFolder(folder.dir, NOW)).rejects.toThrow(DataFolderInUse);
  });

  it.each(["free", "left by a dead owner"])(
    "ST3 of ten at once one gets a folder, %s",
    async (before) => {
      if (before !== "free") lock({ pid: process.pid, startMark: "x", since: NOW.toISOString() });
      const tries = Array.from({ length: 10 }, () => openDataFolder(folder.dir, NOW));
      const results = await Promise.allSettled(tries);
      const won = results.filter((result) => result.status === "fulfilled");
      expect(won).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(DataFolderInUse);
      }
      await (won[0] as PromiseFulfilledResult<DataFolder>).value.release();
      expect(readdirSync(folder.dir)).toEqual(["version.json"]);
    },
  );

  it("ST3 a successor that died while it took over is succeeded too, and nothing is left", async () => {
    lock({ pid: process.pid, startMark: "x", since: NOW.toISOString(), token: "first" });
    const claim = { pid: process.pid, startMark: "y", since: NOW.toISOString(), token: "second" };
    writeFileSync(join(folder.dir, "owner-after-first.json"), JSON.stringify(claim));
    const data = await openDataFolder(folder.dir, NOW);
    expect(data.takenOver).toBe(true);
    await data.release();
    expect(readdirSync(folder.dir)).toEqual(["version.json"]);
  });

  it("ST4 a folder of another version is refused, and left as it is", async () => {
    const file = join(folder.dir, "version.json");
    writeFileSync(file, '{"version":99}');
    const opening = openDataFolder(folder.dir, NOW);
    await expect(opening).rejects.toThrow(PartError);
    await expect(opening).rejects.toThrow("has version 99, and this playground knows 1");
    expect(readdirSync(folder.dir)).toEqual(["version.json"]);
    expect(readFileSync(file, "utf8")).toBe('{"version":99}');
  });

  const TORN = ["", '{"pid":', "\0\0", "null", "{}"];
  it.each(TORN)("ST2 a lock that a failing machine left as %j is nobody's", async (text) => {
    writeFileSync(join(folder.dir, "owner.json"), text);
    const data = await openDataFolder(folder.dir, NOW);
    expect(data.takenOver).toBe(true);
    await data.release();
    expect(readdirSync(folder.dir)).toEqual(["version.json"]);
  });

  it.each(["", "\0\0"])("ST4 a version left as %j is written anew", async (text) => {
    const file = join(folder.dir, "version.json");
    writeFileSync(file, text);
    await openDataFolder(folder.dir, NOW);
    expect(readFileSync(file, "utf8")).toBe('{"version":1}\n');
  });

  it("ST1 a folder that cannot be made is a plain error", async () => {
    writeFileSync(join(folder.dir, "file"), "");
    const opening = openDataFolder(join(folder.dir, "file", "data"), NOW);
    await expect(opening).rejects.toThrow(/^The data folder .* cannot be used: /);
  });
});
