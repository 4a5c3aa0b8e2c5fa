/**
 * A part: a broker or a message store that is in use, whoever runs it.
 *
 * Stands between locate (which one?) and the control plane (is it up? where do taps point?).
 * Parts of ours are restarted with back-off on the same port; a stranger's is probed. Either way
 * listeners are told in plain words. It does not carry traffic: that goes through the taps.
 */

export type BrokerKind = "redis" | "embedded";
export type StoreKind = "postgres" | "embedded";

type PartState = "up" | "down";

export interface PartChange {
  state: PartState;
  /** Plain words: what it is; when down, what is wrong and what happens next. */
  note: string;
}

/** Where a part listens, and how it is named to replicas and to people. */
export interface PartAddress {
  /** With user and password: for replicas (through a tap), never for a page. */
  url: string;
  /** Without password. */
  publicUrl: string;
  host: string;
  port: number;
}

export interface Part<Kind extends string> extends PartAddress {
  readonly kind: Kind;
  /** Somebody else's, at an address we were given: not ours to start. */
  readonly isGiven: boolean;
  readonly state: PartState;
  readonly note: string;
  /** The server process, where it is ours and runs. */
  readonly pid: number | undefined;
  /** Ends it, and leaves it so until it is resumed. Absent where it is not ours to stop. */
  suspend?(): Promise<void>;
  resume?(): Promise<void>;
  /** Called on each change of state (and of the note while down). Returns "no more, please". */
  onChange(listener: (change: PartChange) => void): () => void;
  /** Stops what is ours; leaves a stranger's alone. Safe to call twice. */
  stop(): Promise<void>;
}

/** What will be used, decided but not started. */
export interface PartPlan<Kind extends string> {
  /** What will be tried first; the part that is started says what it became. */
  readonly kind: Kind;
  /**
   * Ours: resolves when it answers, rejects with a PartError when it cannot be started at all.
   * A stranger's: resolves after the first probe, `down` if it did not answer.
   */
  start(): Promise<Part<Kind>>;
}

/** A part that cannot be used, in words for a person; the CLI prints them and exits 1. */
export class PartError extends Error {
  override readonly name = "PartError";
}

/** What a part tells while it works; both in plain words. */
export interface PartReports {
  /** For the person who waits: "Preparing the message store (first start only) …". */
  progress(text: string): void;
  /** For the log: output of the processes, restarts. */
  log(text: string): void;
}
