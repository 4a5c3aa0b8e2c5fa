/**
 * The source that learners read beside the running diagram: the replicas', and the pure core of the
 * patterns. It is read from the checkout this playground was built from, never from anywhere else.
 */
import { readdir, readFile } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDERS = [
  "server/replica",
  "shared/patterns",
  "shared/patterns/long-polling",
  "shared/patterns/web-sockets",
];

/** This file stands in `server/control/`, and in `dist/server/control/` once it is built. */
function checkout(): URL {
  const here = new URL("../../", import.meta.url);
  return fileURLToPath(here).endsWith(`${sep}dist${sep}`) ? new URL("../", here) : here;
}

/** Paths in the repository, sorted by folder; none where only the built files are there. */
export async function listSource(): Promise<string[]> {
  const lists = await Promise.all(
    FOLDERS.map(async (folder) => {
      const entries = await readdir(new URL(folder, checkout())).catch(() => []);
      const files = entries.filter((name) => /^[\w-]+\.ts$/.test(name));
      return files.sort().map((name) => `${folder}/${name}`);
    }),
  );
  return lists.flat();
}

/** Undefined for what is not on the list, whatever else lies there. */
export async function readSource(file: string): Promise<string | undefined> {
  if (!(await listSource()).includes(file)) return undefined;
  return readFile(new URL(file, checkout()), "utf8");
}
