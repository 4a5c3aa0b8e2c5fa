/**
 * One run of a server process of ours, from start to exit, once. A supervised part makes a new
 * run for each restart.
 */
export interface Run {
  readonly pid: number;
  /** Resolves with the reason, in plain words: `was killed (SIGKILL)`. */
  readonly exited: Promise<string>;
  /** Asks it to stop, kills it if it does not; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Resolves when the server answers; rejects, with nothing left running, when it does not. */
export type StartRun = () => Promise<Run>;
