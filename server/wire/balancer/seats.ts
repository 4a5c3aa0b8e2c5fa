/**
 * How many clients the wire can hold, all balancers together, before the system lets it open no
 * more: each client needs two files, its connection and the one to a replica. Without this bound
 * the last of them would take the taps' files, and harm everybody.
 */

/** What the process needs besides: its own files, the listeners, clients on their way out. */
const OWN_FILES = 250;
/** A replica's connections to broker and store, both sides of the tap: 26 at most, for two taps. */
const FILES_A_TAP = 13;

export class Seats {
  /** Open files that the system allows this process; undefined: nobody knows. */
  readonly openFiles: number | undefined;
  #limit = Number.POSITIVE_INFINITY;
  taken = 0;

  constructor(openFiles: number | undefined) {
    this.openFiles = openFiles;
    this.leaveRoomFor(0);
  }

  get limit(): number {
    return this.#limit;
  }

  get hasRoom(): boolean {
    return this.taken < this.#limit;
  }

  leaveRoomFor(taps: number): void {
    if (this.openFiles === undefined) return;
    const left = this.openFiles - OWN_FILES - taps * FILES_A_TAP;
    this.#limit = Math.max(0, Math.floor(left / 2));
  }
}

/** Node has raised the soft limit to the hard one by now, which only the system's owner may raise. */
export function readOpenFilesLimit(): number | undefined {
  const report = process.report?.getReport() as
    | { userLimits?: { open_files?: { soft?: unknown } } }
    | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}
