/** Starts one of our process mains, as built JS beside us or (in development) as TypeScript. */
import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Log } from "./log.ts";

/** Of what a child printed, kept until its end: the last words of one that crashed. */
const LAST_WORDS = 20;

/** `../wire/main` as seen from `server/control`, in the language that runs now. */
function mainFile(name: string): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../${name}/main.${extension}`, import.meta.url));
}

/** Children ignore SIGINT, so that Ctrl-C in a terminal reaches them through us, in order. */
export function forkMain(
  log: Log,
  name: "wire" | "fleet" | "replica",
  env: Record<string, string> = {},
): ChildProcess {
  const child = fork(mainFile(name), [], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
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
