/**
 * A keeper: runs one server and sees that it never outlives us (keeper-contract.ts).
 * Closing the channel, in order or by dying, is how it is told to stop.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { FromKeeper, KeptSpec, ToKeeper } from "./keeper-contract.ts";

/** What cannot even be killed must not keep us. */
const GIVE_UP_MS = 5_000;

let kept: { child: ChildProcess; spec: KeptSpec } | undefined;
let isStopping = false;

// Signals from a terminal are the parent's business; SIGTERM is meant for us.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", stop);
process.on("disconnect", stop);
process.on("message", (said: ToKeeper) => {
  if (said.type === "keep") keep(said.spec);
  else stop();
});

function keep(spec: KeptSpec): void {
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    ...spec.user,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  kept = { child, spec };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => tell({ type: "output", text }));
  }
  child.once("spawn", () => tell({ type: "started", pid: child.pid ?? 0 }));
  child.once("error", (problem) => end(`could not be started: ${problem.message}`));
  // "close" comes after the last output, which says why.
  child.once("close", (code, signal) =>
    end(signal ? `was killed (${signal})` : `ended with code ${code}`),
  );
}

function stop(): void {
  if (isStopping) return;
  isStopping = true;
  if (!kept) process.exit(0);
  const { child, spec } = kept;
  if (process.platform === "win32" && spec.stopCommand) {
    spawn(spec.stopCommand.command, spec.stopCommand.args, { stdio: "ignore", windowsHide: true });
  } else {
    child.kill(spec.stopSignal);
  }
  setTimeout(() => child.kill("SIGKILL"), spec.killAfterMs);
  setTimeout(() => process.exit(1), spec.killAfterMs + GIVE_UP_MS);
}

function end(reason: string): void {
  if (!process.connected) process.exit(0);
  process.send?.({ type: "exited", reason } satisfies FromKeeper, () => process.exit(0));
}

function tell(what: FromKeeper): void {
  // The parent may go at any moment; then there is nobody to tell, and "disconnect" follows.
  if (process.connected) process.send?.(what, () => {});
}
