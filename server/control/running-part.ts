/** A broker or message store that is in use, as far as the control plane has to know it. */
export interface RunningPart<Kind extends string> {
  readonly kind: Kind;
  /** Somebody else's, at an address we were given: not ours to start. */
  readonly isGiven: boolean;
  /** With user and password: for replicas, through a tap. */
  readonly url: string;
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  /** The server process, where it is ours and runs. */
  readonly pid: number | undefined;
  readonly state: "up" | "down";
  readonly note: string;
  /** Ends it, and leaves it so until it is resumed. Absent where it is not ours to stop. */
  suspend?(): Promise<void>;
  resume?(): Promise<void>;
  onChange(listener: (change: { state: "up" | "down"; note: string }) => void): () => void;
}

export interface Parts {
  broker: RunningPart<"redis" | "embedded">;
  store: RunningPart<"postgres" | "embedded">;
}
