/** Starts one of our process mains, as built JS beside us or (in development) as TypeScript. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `../wire/main` as seen from `server/control`, in the language that runs now. */
function mainFile(name: string): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../${name}/main.${extension}`, import.meta.url));
}

/**
 * What a child prints goes to our stderr: standard output is the parent's alone.
 * Children ignore SIGINT, so that Ctrl-C in a terminal reaches them through us, in order.
 */
export function forkMain(
  name: "wire" | "fleet" | "replica",
  env: Record<string, string> = {},
): ChildProcess {
  return fork(mainFile(name), [], {
    env: { ...process.env, ...env },
    stdio: ["ignore", 2, 2, "ipc"],
  });
}
