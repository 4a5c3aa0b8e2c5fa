/** Starts our process mains, and logs what they print. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { forkEntry } from "../processes/fork-entry.ts";
import type { Log } from "./log.ts";

/** Of what a child printed, kept until its end: the last words of one that crashed. */
const LAST_WORDS = 20;

/** Children ignore SIGINT, so that Ctrl-C in a terminal reaches them through us, in order. */
export function forkMain(
  log: Log,
  name: "wire" | "fleet" | "replica",
  env: Record<string, string> = {},
): ChildProcess {
  const entry = `../${name}/main`;
  const child = forkEntry({ entry, from: import.meta.url, env, output: "pipes" });
  logOutput(log, env.REPLICA_ID ?? name, child);
  return child;
}

/**
 * What a child prints is logged at `info`: a replica that looks for its broker says so twice a
 * second, and the page shows it anyway. If it crashes, its last words are a warning.
 */
function logOutput(log: Log, name: string, child: ChildProcess): void {
  const lastWords: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on("line", (line) => {
      log.info({ process: name }, line);
      lastWords.push(line);
      if (lastWords.length > LAST_WORDS) lastWords.shift();
    });
  }
  child.once("close", (code) => {
    if (code) log.warn({ process: name, code, lastWords }, "a process failed");
  });
}
