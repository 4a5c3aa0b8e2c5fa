/**
 * What is said between us and a keeper: a small process that starts a server which cannot watch
 * its parent (Postgres, Redis), and stops it when we ask or when we are gone, however we went.
 */

export interface KeptSpec {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** As whom to run it, when not as ourselves. */
  user?: { uid: number; gid: number };
  /** Asks it to stop; where there are no signals, `stopCommand` does. */
  stopSignal: "SIGTERM" | "SIGINT";
  stopCommand?: { command: string; args: string[] };
  /** Then it is killed. */
  killAfterMs: number;
}

export type ToKeeper = { type: "keep"; spec: KeptSpec } | { type: "stop" };

export type FromKeeper =
  | { type: "started"; pid: number }
  | { type: "output"; text: string }
  /** Plain words: `ended with code 1`, `was killed (SIGKILL)`, `could not be started: …`. */
  | { type: "exited"; reason: string };
