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
  async heard<T extends object>(fits: (said: Partial<T>) => boolean): Promise<T> {
    const deadline = AbortSignal.timeout(READY_WITHIN_MS);
    for (;;) {
      const [said] = await Promise.race([
        once(this.process, "message", { signal: deadline }),
        once(this.process, "exit").then(([code]) => {
          throw new Error(`A process under measurement ended with ${code}.`);
        }),
      ]);
      if (fits(said as Partial<T>)) return said as T;
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }
}
