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
  /** What it prints: to our standard error, or to be read from its pipes. */
  output?: "stderr" | "pipes";
  /** In a session of its own: what is sent to a terminal's or test's whole group passes it by. */
  apart?: boolean;
}

export function forkEntry(options: ForkOptions): ChildProcess {
  const { entry, from, env, output = "stderr", apart = false } = options;
  const isTypeScript = from.endsWith(".ts");
  const file = fileURLToPath(new URL(`${entry}.${isTypeScript ? "ts" : "js"}`, from));
  const to = output === "pipes" ? "pipe" : 2;
  return fork(file, [], {
    execArgv: isTypeScript ? ["--import", typeScriptLoader(from)] : [],
    env: { ...process.env, ...env },
    stdio: ["ignore", to, to, "ipc"],
    detached: apart && platform() !== "win32",
  });
}

function typeScriptLoader(from: string): string {
  return pathToFileURL(createRequire(from).resolve("tsx")).href;
}
