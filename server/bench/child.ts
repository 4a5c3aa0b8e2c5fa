/** A process under measurement: started from a built main, ready when it says so over the fork channel. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A busy machine starts slowly. */
const READY_WITHIN_MS = 60_000;

export class Child {
  readonly process: ChildProcess;
  readonly pid: number;

  private constructor(child: ChildProcess, pid: number) {
    this.process = child;
    this.pid = pid;
  }

  /** `entry` as seen from this folder, without extension: `../replica/main`. */
  static start(entry: string, env: Record<string, string> = {}): Child {
    const file = fileURLToPath(new URL(`${entry}.js`, import.meta.url));
    const child = fork(file, [], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    if (child.pid === undefined) throw new Error(`${entry} could not be started.`);
    return new Child(child, child.pid);
  }

  /** The first thing it says that fits; rejects when it ends first, or stays silent. */
  heard<T extends object>(fits: (said: Partial<T>) => boolean): Promise<T> {
    const child = this.process;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        child.off("message", onMessage);
        child.off("exit", onExit);
        clearTimeout(silent);
        act();
      };
      const onMessage = (said: unknown) => {
        if (fits(said as Partial<T>)) settle(() => resolve(said as T));
      };
      const fail = (words: string) =>
        settle(() => reject(new Error(`A process under measurement ${words}.`)));
      const onExit = (code: number | null) => fail(`ended with ${code}`);
      const silent = setTimeout(() => fail("did not say that it is ready"), READY_WITHIN_MS);
      child.on("message", onMessage);
      child.on("exit", onExit);
    });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }
}
