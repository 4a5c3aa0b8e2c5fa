/** Starts a process main that lies beside the caller, as built JS or, in development, TypeScript. */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { platform } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface ForkOptions {
  /** `./keeper-main`, as seen from `from` (an `import.meta.url`), without extension. */
  entry: string;
  from: string;
  env?: Record<string, string>;
  /** In a session of its own: what is sent to a terminal's or test's whole group passes it by. */
  apart?: boolean;
}

export function forkEntry({ entry, from, env, apart }: ForkOptions): ChildProcess {
  const isTypeScript = from.endsWith(".ts");
  const file = fileURLToPath(new URL(`${entry}.${isTypeScript ? "ts" : "js"}`, from));
  return fork(file, [], {
    execArgv: isTypeScript ? ["--import", typeScriptLoader(from)] : [],
    env: { ...process.env, ...env },
    stdio: ["ignore", 2, 2, "ipc"],
    detached: apart === true && platform() !== "win32",
  });
}

function typeScriptLoader(from: string): string {
  return pathToFileURL(createRequire(from).resolve("tsx")).href;
}
