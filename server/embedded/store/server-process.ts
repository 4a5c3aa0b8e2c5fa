/** As whom, and in which environment, Postgres' own programs run. */
import { execFileSync } from "node:child_process";
import { stat } from "node:fs/promises";

export interface ProcessUser {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root: then somebody without rights runs it. Undefined: we do. */
export async function chooseUser(clusterDir: string): Promise<ProcessUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return { uid: nobody("-u"), gid: nobody("-g") };
}

function nobody(which: "-u" | "-g"): number {
  try {
    return Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" }));
  } catch {
    return 65_534; // what Linux calls nobody, where no program can tell us
  }
}

/** Ours without what would steer Postgres (PGDATA, PGPORT …), and with its output in English. */
export function serverEnv(): Record<string, string> {
  const env: Record<string, string> = { LC_ALL: "C" };
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(PG|LC_|LANG)/.test(key)) env[key] = value;
  }
  return env;
}
