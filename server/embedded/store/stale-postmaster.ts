/**
 * A Postgres that an earlier playground left (it outlives a SIGKILLed parent whose keeper was
 * killed as well). Called by the data folder's new owner only. A process is stopped when it is
 * proven to be that Postgres of that folder, and left alone otherwise.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import { end } from "../keeper/kept-run.ts";
import { commandLine, isRunning } from "../process-facts.ts";

export async function stopStalePostmaster(
  clusterDir: string,
  clock: Clock,
  log: (text: string) => void,
): Promise<void> {
  const file = join(clusterDir, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const pid = Number(text.split("\n")[0]);
  if (Number.isSafeInteger(pid) && pid > 0 && (await isRunning(pid))) {
    const command = await commandLine(pid);
    if (command?.includes("postgres") && command.includes(clusterDir)) {
      log(`stopping Postgres ${pid}, left by an earlier playground`);
      await end(pid, { stopSignal: "SIGINT", killAfterMs: 3_000 }, clock);
    } else if (command === undefined) {
      return; // not ours to judge: Postgres itself refuses to start beside it
    }
  }
  // It would keep Postgres from starting when an unrelated process has that pid now.
  await rm(file, { force: true });
}
