/**
 * Our end of a keeper: starts a server under it and waits until the server says it is ready.
 */
import type { Clock } from "../../../shared/clock.ts";
import { forkEntry } from "../../processes/fork-entry.ts";
import { isRunning } from "../process-facts.ts";
import type { Run } from "../run.ts";
import type { FromKeeper, KeptSpec, ToKeeper } from "./keeper-contract.ts";

export interface KeptRunOptions {
  spec: KeptSpec;
  /** Found in its output when it is ready. */
  ready: RegExp;
  readyTimeoutMs: number;
  clock: Clock;
  log(text: string): void;
}

/** The server ended, or did not become ready; `output` is the last of what it said. */
class RunFailed extends Error {
  override readonly name = "RunFailed";
  readonly output: string;

  constructor(reason: string, output: string) {
    super(`${reason}${output ? `: ${tellingLine(output)}` : ""}`);
    this.output = output;
  }
}

const KEPT_OUTPUT = 4_000;
const GIVE_UP_MS = 5_000;

export function startKept({
  spec,
  ready,
  readyTimeoutMs,
  clock,
  log,
}: KeptRunOptions): Promise<Run> {
  const keeper = forkEntry({ entry: "./keeper-main", from: import.meta.url, apart: true });
  let pid = 0;
  let output = "";
  let reason: string | undefined;
  const exited = new Promise<string>((resolve) => {
    keeper.once("exit", async () => {
      // A keeper that was killed leaves its server behind; we are its keeper then.
      if (reason === undefined && pid > 0) {
        await end(pid, spec, clock).catch((problem: Error) => log(problem.message));
      }
      resolve(reason ?? "lost its keeper");
    });
  });
  const stop = async () => {
    say(keeper, { type: "stop" });
    await exited;
  };
  return new Promise((resolve, reject) => {
    const timer = clock.after(readyTimeoutMs, () => {
      void stop().then(() => reject(new RunFailed(`not ready after ${readyTimeoutMs} ms`, output)));
    });
    void exited.then((why) => {
      timer.cancel();
      reject(new RunFailed(why, output));
    });
    keeper.once("error", (problem) => {
      timer.cancel();
      reject(new RunFailed(`could not be started: ${problem.message}`, ""));
    });
    keeper.on("message", (said: FromKeeper) => {
      if (said.type === "started") pid = said.pid;
      else if (said.type === "exited") reason = said.reason;
      else {
        log(said.text.trimEnd());
        output = `${output}${said.text}`.slice(-KEPT_OUTPUT);
        if (!ready.test(output)) return;
        timer.cancel();
        resolve({ pid, exited, stop });
      }
    });
    say(keeper, { type: "keep", spec });
  });
}

function say(keeper: ReturnType<typeof forkEntry>, what: ToKeeper): void {
  if (keeper.connected) keeper.send(what, () => {}); // if it is gone, "exit" tells
}

/** Stops a process that is not our child: asks, waits, kills. */
export async function end(
  pid: number,
  { stopSignal, killAfterMs }: Pick<KeptSpec, "stopSignal" | "killAfterMs">,
  clock: Clock,
): Promise<void> {
  const askedMs = clock.now();
  signal(pid, stopSignal);
  while (await isRunning(pid)) {
    const waitedMs = clock.now() - askedMs;
    if (waitedMs > killAfterMs + GIVE_UP_MS) throw new Error(`Process ${pid} cannot be killed.`);
    if (waitedMs > killAfterMs) signal(pid, "SIGKILL");
    await new Promise<void>((resolve) => void clock.after(20, resolve));
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== "ESRCH") throw problem;
  }
}

/** Postgres says FATAL and then that it is shut down; others say why last. */
function tellingLine(output: string): string {
  const lines = output.trimEnd().split("\n");
  const telling = lines.find((line) => line.includes("FATAL")) ?? lines.at(-1) ?? "";
  return telling.replace(/^.*FATAL:\s*/, "").trim();
}
