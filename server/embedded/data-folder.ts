/**
 * The data folder: who owns it, and which version made it.
 *
 * One playground at a time may own a folder; the owner is named by pid and start time. A live
 * owner is never disturbed. A dead owner's leftovers are stopped by the part that knows them.
 */

export interface DataFolder {
  readonly dir: string;
  /** The last owner died without releasing it. */
  readonly takenOver: boolean;
  /** Gives it up; safe to call twice. */
  release(): Promise<void>;
}

/** Somebody else is using the folder. */
export class DataFolderInUse extends Error {
  override readonly name = "DataFolderInUse";
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;

  constructor(dir: string, pid: number, since: string) {
    super(`The data folder ${dir} is in use by process ${pid}, since ${since}.`);
    this.pid = pid;
    this.since = since;
  }
}

/** Throws DataFolderInUse, or a PartError when the folder cannot be used. */
export async function openDataFolder(_dir: string): Promise<DataFolder> {
  throw new Error("not yet");
}
