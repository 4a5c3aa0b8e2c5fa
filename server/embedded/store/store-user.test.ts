/**
 * Who runs Postgres, from where, and in which folder: as root and as an ordinary user. The tests
 * for root are skipped when an ordinary user runs them; the other store tests are that case then.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realClock, reports, temporaryFolder } from "../testing/fixture.ts";
import { startEmbeddedStore } from "./embedded-store.ts";
import { findPostgresBinaries, shippedFolder } from "./postgres-binaries.ts";
import { chooseUser } from "./server-process.ts";
import { findStoreHome } from "./store-home.ts";

const isRoot = process.getuid?.() === 0;
const mode = (file: string) => statSync(file).mode & 0o777;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe("Postgres binaries", { timeout: 60_000 }, () => {
  /** As npm leaves them under --ignore-scripts: without links between libraries. */
  const bareCopy = () => {
    const bare = join(folder.dir, "bare");
    const links = JSON.parse(readFileSync(join(shippedFolder(), "pg-symlinks.json"), "utf8"));
    cpSync(shippedFolder(), bare, { recursive: true, filter: (file) => !file.endsWith(".a") });
    for (const { target } of links) {
      const link = join(bare, target.replace(/^native\//, ""));
      if (existsSync(link)) unlinkSync(link);
    }
    chmodSync(join(bare, "bin", "postgres"), 0o644);
    return bare;
  };
  const never = () => expect.fail("nothing had to be copied");

  it.skipIf(process.platform !== "linux")("ST12 are mended in place", async () => {
    const bare = bareCopy();
    chmodSync(folder.dir, 0o755);
    const copy = join(folder.dir, "copy");
    const found = await findPostgresBinaries(copy, await chooseUser(copy), never, bare);
    expect(found).toMatchObject({ postgres: join(bare, "bin", "postgres") });
    expect(found.version).toMatch(/^18\.\d+$/);
  });

  it.skipIf(!isRoot)("ST12 are copied where the user who runs them cannot read them", async () => {
    const bare = bareCopy();
    chmodSync(folder.dir, 0o755);
    chmodSync(bare, 0o700);
    chmodSync(join(bare, "lib"), 0o700);
    const copy = join(folder.dir, "copy");
    let isSlow = false;
    const tellSlow = () => {
      isSlow = true;
    };
    const user = await chooseUser(copy);
    const found = await findPostgresBinaries(copy, user, tellSlow, bare);
    expect(found.postgres).toBe(join(copy, "bin", "postgres"));
    expect(isSlow).toBe(true);
    expect(await findPostgresBinaries(copy, user, never, bare)).toEqual(found);
  });
});

describe.skipIf(!isRoot)("the store's home, as root", { timeout: 60_000 }, () => {
  it("ST11 is in the data folder, which is made passable", async () => {
    chmodSync(folder.dir, 0o755);
    const dataDir = join(folder.dir, "data");
    mkdirSync(dataDir, { mode: 0o700 });
    const home = await findStoreHome(dataDir, true, join(folder.dir, "elsewhere"));
    expect(home).toBe(join(dataDir, "store"));
    expect(mode(dataDir)).toBe(0o711);
  });

  it("ST11 is elsewhere below a closed folder, which stays closed; orphans are removed", async () => {
    const closed = join(folder.dir, "closed");
    const dataDir = join(closed, "data");
    const elsewhere = join(folder.dir, "elsewhere");
    mkdirSync(dataDir, { recursive: true });
    chmodSync(closed, 0o700);
    const home = await findStoreHome(dataDir, true, elsewhere);
    expect(dirname(home)).toBe(elsewhere);
    expect(mode(closed)).toBe(0o700);
    expect(readFileSync(join(dataDir, "store-home"), "utf8")).toBe(home);
    expect(await findStoreHome(dataDir, true, elsewhere)).toBe(home);
    rmSync(dataDir, { recursive: true });
    mkdirSync(dataDir);
    const next = await findStoreHome(dataDir, true, elsewhere);
    expect(next).not.toBe(home);
    expect(existsSync(home)).toBe(false);
  });

  it("ST11 a store below a closed folder starts, stops and starts again", async () => {
    const closed = join(folder.dir, "closed");
    const dataDir = join(closed, "data");
    mkdirSync(dataDir, { recursive: true });
    chmodSync(folder.dir, 0o755);
    chmodSync(closed, 0o700);
    for (const _ of ["first", "second"]) {
      const store = await startEmbeddedStore({
        dataDir,
        clock: realClock,
        random: Math.random,
        reports: reports(),
        storesElsewhere: join(folder.dir, "elsewhere"),
      });
      expect(store.state).toBe("up");
      expect(statSync(`/proc/${store.pid}`).uid).not.toBe(0);
      await store.stop();
    }
  });
});

describe.skipIf(!isRoot)("the store, started by an ordinary user", { timeout: 60_000 }, () => {
  const main = fileURLToPath(new URL("./testing/owner-main.ts", import.meta.url));

  it.skipIf(!canEverybodyRead(main))("ST5 starts, ends in order, and starts again", async () => {
    const nobody = await chooseUser(folder.dir);
    if (!nobody) return expect.fail("root must choose somebody");
    chownSync(folder.dir, nobody.uid, nobody.gid);
    for (const _ of ["first", "second"]) {
      const owner: ChildProcess = fork(main, {
        ...nobody,
        cwd: "/",
        execArgv: ["--import", import.meta.resolve("tsx")],
        env: {
          PATH: process.env.PATH,
          DATA: join(folder.dir, "data"),
          PLAYGROUND_BROKER: "embedded",
        },
      });
      const [ready] = await once(owner, "message");
      expect(statSync(`/proc/${ready.store.pid}`).uid).toBe(nobody.uid);
      owner.send("stop");
      expect(await once(owner, "exit")).toEqual([0, null]);
    }
  });
});

function canEverybodyRead(file: string): boolean {
  const open = (mode(file) & 0o004) !== 0 || (statSync(file).isDirectory() && mode(file) & 0o001);
  return Boolean(open) && (dirname(file) === file || canEverybodyRead(dirname(file)));
}
